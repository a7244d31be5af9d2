// The document against the program's own list of routes, and against the README's table of problems.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { suite, test } from "node:test";
import { Description } from "./support/description.mjs";
import { wxlogind } from "./support/server.mjs";

const described = new Description();
const { routes } = wxlogind("routes");

// "internal GET /users users:read". HEAD goes with GET, and is not described apart.
const calls = new Set(routes.flatMap(({ listener, methods, path, scope }) =>
  methods.length === 7 ? [`${listener} * ${path} ${scope}`]
    : methods.filter((each) => each !== "HEAD").map((each) => `${listener} ${each} ${path} ${scope}`)));

const describedCalls = described.operations.flatMap((operation) =>
  operation.listeners.map((listener) =>
    `${listener} ${operation["x-any-method"] ? "*" : operation.method} ${operation.path} ${operation["x-scope"] ?? ""}`));

suite("routes", () => {
  test("every call that the program answers is described, with its listener and its scope", () => {
    assert.ok(calls.size > 20);
    assert.deepEqual([...calls].filter((each) => !describedCalls.includes(each)), []);
  });

  test("nothing is described that the program does not answer", () => {
    assert.deepEqual(describedCalls.filter((each) => !calls.has(each)), []);
  });

  test("HEAD is answered where GET asks nobody else", () => {
    const asking = ["/login", "/wechat/access-token"];
    for (const { methods, path } of routes) {
      if (methods.includes("GET")) assert.equal(methods.includes("HEAD"), !asking.includes(path), path);
    }
  });

  test("what needs a scope needs a service key", () => {
    for (const operation of described.operations) {
      const needsKey = operation.security.some((each) => "serviceKey" in each);
      assert.equal(needsKey, "x-scope" in operation, operation.name);
    }
  });

  for (const name of ["README.md", "README.zh-CN.md"]) {
    test(`the codes of problems are those of the table in ${name}`, () => {
      const readme = readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
      const rows = [...readme.matchAll(/^\| \d{3} \| `([a-z0-9_]+)` \| (?:login|later|no) \|/gm)].map(([, code]) => code);
      assert.deepEqual([...described.document.components.schemas.ProblemCode.enum].sort(), rows.sort());
    });
  }
});
