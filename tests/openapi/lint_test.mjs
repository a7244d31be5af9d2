// Spectral on etc/openapi.yaml, warnings included.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

test("the linter has nothing to say", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [
    here("node_modules/@stoplight/spectral-cli/dist/index.js"), "lint", here("../../etc/openapi.yaml"),
    "--ruleset", here(".spectral.yaml"), "--fail-severity", "warn",
  ], { encoding: "utf8" });
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /No results/);
});
