// The example is whole: what the developer tools read is there, and it compiles with WeChat's own compilers.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { parse } from "acorn";

const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const root = path.join(repository, "miniprogram/example");
const client = path.join(repository, "miniprogram/client/miniprogram_dist");
const compilers = path.dirname(createRequire(import.meta.url).resolve("miniprogram-compiler/package.json"));

const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)));
const ending = (suffix) => files.filter((file) => file.endsWith(suffix));
const text = (file) => readFileSync(path.join(root, file), "utf8");
const json = (file) => JSON.parse(text(file));
const { pages } = json("app.json");

// WeChat's compiler for WXML or WXSS; it complains on its output and ends with a status.
function compile(program, args) {
  const file = path.join(compilers, "bin/linux", program);
  chmodSync(file, 0o755);
  return spawnSync(file, args, { cwd: root, encoding: "utf8" });
}

describe("the example", () => {
  it("has JSON files that are JSON", () => {
    for (const file of ending(".json")) assert.doesNotThrow(() => json(file), file);
  });

  it("is a project that the developer tools open, with a placeholder for the AppID", () => {
    const project = json("project.config.json");
    assert.equal(project.compileType, "miniprogram");
    assert.match(project.appid, /^wx[0-9a-f]{16}$/);
    assert.match(project.libVersion, /^\d+\.\d+\.\d+$/);
    assert.ok(existsSync(path.join(root, project.miniprogramRoot, "app.json")));
    assert.ok(existsSync(path.join(root, json("app.json").sitemapLocation)));
    assert.ok(Array.isArray(json("sitemap.json").rules));
  });

  it("has all four files of every page, and of every component that a page uses", () => {
    const components = pages.flatMap((page) =>
      Object.values(json(`${page}.json`).usingComponents ?? {}).map((each) => path.join(path.dirname(page), each)));
    assert.ok(components.length > 0);
    for (const each of [...pages, ...components]) {
      for (const suffix of ["js", "json", "wxml", "wxss"]) assert.ok(files.includes(`${each}.${suffix}`), `${each}.${suffix}`);
    }
    for (const component of components) assert.equal(json(`${component}.json`).component, true);
  });

  it("has no page that is not listed, and no link to one", () => {
    const found = ending(".wxml").filter((file) => file.startsWith("pages/")).map((file) => file.replace(/\.wxml$/, ""));
    assert.deepEqual(found.sort(), [...pages].sort());
    for (const file of ending(".wxml")) {
      for (const [, page] of text(file).matchAll(/data-page="\/([^"]+)"/g)) assert.ok(pages.includes(page), page);
    }
  });

  it("has JavaScript that old phones run once the developer tools have translated it", () => {
    for (const file of ending(".js")) {
      assert.doesNotThrow(() => parse(text(file), { ecmaVersion: 2017, sourceType: "script" }), file);
    }
  });

  it("has WXML that WeChat's compiler takes", () => {
    const { status, stdout, stderr } = compile("wcc", ["-d", ...ending(".wxml")]);
    assert.equal(status, 0, stderr);
    assert.ok(stdout.includes("pages/home/home.wxml"));
  });

  it("would not pass with broken WXML", () => {
    const file = path.join(compilers, "bin/linux/wcc");
    assert.notEqual(spawnSync(file, ["-d", "-s", "x.wxml"], { input: "<view><text></view>", cwd: root }).status, 0);
  });

  it("has WXSS that WeChat's compiler takes", () => {
    const { status, stdout, stderr } = compile("wcsc", ["-js", ...ending(".wxss").map((file) => `./${file}`)]);
    assert.equal(status, 0, stderr + stdout);
    assert.doesNotMatch(stdout + stderr, /ERR:/);
  });

  it("binds no event to a function that is not there", () => {
    for (const file of ending(".wxml")) {
      const script = text(file.replace(/wxml$/, "js"));
      for (const [, handler] of text(file).matchAll(/\b(?:bind|catch):?[a-z]+="([^"]+)"/g)) {
        assert.match(script, new RegExp(`^ {2,4}(async )?${handler}(\\(|: function)`, "m"), `${file}: ${handler}`);
      }
    }
  });

  it("shows no data that the page does not have", () => {
    for (const page of pages) {
      const data = /data: \{\n([\s\S]*?)\n {2}\}/.exec(text(`${page}.js`))[1];
      const known = [...data.matchAll(/^ {4}(\w+):/gm)].map(([, name]) => name);
      for (const [, expression] of text(`${page}.wxml`).matchAll(/\{\{([^}]*)\}\}/g)) {
        const names = expression.replace(/'[^']*'/g, "").match(/(?<![.\w])[a-zA-Z]\w*/g) ?? [];
        for (const name of names) assert.ok(known.includes(name), `${page}: ${name}`);
      }
    }
  });

  it("carries the client as WeChat's npm build would copy it", () => {
    const at = "miniprogram_npm/wxlogind-client";
    const copied = files.filter((file) => file.startsWith(at)).map((file) => path.basename(file));
    assert.deepEqual(copied.sort(), readdirSync(client).sort());
    for (const name of copied) {
      const message = `${name} differs: cp miniprogram/client/miniprogram_dist/* miniprogram/example/${at}/`;
      assert.equal(text(`${at}/${name}`), readFileSync(path.join(client, name), "utf8"), message);
    }
  });

  it("names no session_key and no secret outside of comments", () => {
    for (const file of files) {
      const bare = text(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "").replace(/session_key_stale/g, "");
      assert.doesNotMatch(bare, /session_key|secret/i, file);
    }
  });
});
