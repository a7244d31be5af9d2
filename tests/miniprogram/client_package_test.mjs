// The client as a package: what WeChat's npm build takes, what old phones can run, what TypeScript sees.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { parse } from "acorn";
import { clientModule } from "./support/client.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const repository = path.resolve(here, "../..");
const packageRoot = path.join(repository, "miniprogram/client");
const sources = path.join(packageRoot, "miniprogram_dist");
const modules = readdirSync(sources).filter((name) => name.endsWith(".js"));
const text = (file) => readFileSync(file, "utf8");

describe("the client's package", () => {
  it("is what WeChat's npm build copies: miniprogram_dist with an index.js, and no dependencies", () => {
    const description = JSON.parse(text(path.join(packageRoot, "package.json")));
    assert.equal(description.miniprogram, "miniprogram_dist");
    assert.equal(description.main, "miniprogram_dist/index.js");
    assert.ok(existsSync(path.join(packageRoot, description.types)));
    assert.equal(description.dependencies, undefined);
  });

  it("is ES2017, and requires nothing but itself", () => {
    for (const name of modules) {
      const source = text(path.join(sources, name));
      assert.doesNotThrow(() => parse(source, { ecmaVersion: 2017, sourceType: "script" }), name);
      for (const [, wanted] of source.matchAll(/\brequire\(([^)]*)\)/g)) {
        assert.match(wanted, /^"\.\/[a-z_]+"$/, name);
        assert.ok(modules.includes(`${wanted.slice(3, -1)}.js`), `${name} requires ${wanted}`);
      }
    }
  });

  for (const what of ["client", "usage"]) {
    it(`compiles under strict TypeScript: ${what}`, () => {
      const compiler = path.join(here, "node_modules/typescript/bin/tsc");
      const { status, stdout } = spawnSync(process.execPath, [compiler, "-p", path.join(here, `tsconfig.${what}.json`)],
        { encoding: "utf8" });
      assert.equal(status, 0, stdout);
    });
  }
});

describe("the table of messages", () => {
  const { codes, describe: tell } = clientModule("messages");
  const declarations = text(path.join(sources, "index.d.ts"));

  it("has every code of the server's table, with the same retry", () => {
    const rows = [...text(path.join(repository, "README.md")).matchAll(/^\| \d{3} \| `([a-z0-9_]+)` \| (login|later|no) \|/gm)];
    assert.ok(rows.length > 20);
    for (const [, code, retry] of rows) {
      assert.ok(codes.includes(code), code);
      assert.equal(tell(code).retry, retry, code);
    }
  });

  it("is what the declarations list", () => {
    const problems = declarations.slice(declarations.indexOf("type ClientProblem"), declarations.indexOf("type Problem ="));
    assert.deepEqual([...problems.matchAll(/\| "([a-z0-9_]+)"/g)].map(([, code]) => code).sort(), [...codes].sort());
  });

  it("says everything in Chinese and in English", () => {
    for (const code of [...codes, "code_of_tomorrow"]) {
      const { zh, en } = tell(code);
      assert.match(zh, /^[\p{Script=Han}，、]+$/u);
      assert.match(en, /^[A-Z][A-Za-z', ]+$/);
    }
  });

  it("takes the server's word for what helps, where it is one it knows", () => {
    assert.equal(tell("internal", "no").retry, "no");
    assert.equal(tell("internal", "perhaps").retry, "later");
    assert.deepEqual(tell("code_of_tomorrow", "later"), { retry: "later", zh: "请稍后再试", en: "Please try again later" });
    assert.equal(tell("toString").retry, "no");
  });
});
