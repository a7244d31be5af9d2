// The five-minute path of both READMEs, followed to the letter: an empty mini program, the client copied in, the
// two pieces of code pasted.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { MiniProgram } from "./support/mini_program.mjs";
import { deployEach } from "./support/suite.mjs";

const miniprogram = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../miniprogram");
const scratch = mkdtempSync(path.join(tmpdir(), "five-minutes-"));

function follow(readme) {
  const root = path.join(scratch, readme);
  const text = readFileSync(path.join(miniprogram, readme), "utf8");
  const [app, page] = [...text.matchAll(/^ {3}```js\n([\s\S]*?)^ {3}```$/gm)].map(([, code]) => code.replace(/^ {3}/gm, ""));
  const write = (file, content) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), content);
  };
  write("app.json", JSON.stringify({ pages: ["pages/index/index"] }));
  write("app.js", app);
  write("pages/index/index.js", page);
  write("pages/index/index.json", "{}");
  write("pages/index/index.wxss", "");
  write("pages/index/index.wxml", "<view>{{isNew ? '你好' : '欢迎回来'}} {{id}} {{profile.id}}</view>");
  cpSync(path.join(miniprogram, "client/miniprogram_dist"), path.join(root, "miniprogram_npm/wxlogind-client"), { recursive: true });
  return root;
}

describe("five minutes", () => {
  let deployment;
  let phone;
  deployEach((running, fresh) => {
    deployment = running;
    phone = fresh;
  });
  after(() => rmSync(scratch, { recursive: true }));

  for (const readme of ["README.md", "README.zh-CN.md"]) {
    it(`${readme}: a user who is logged in`, async () => {
      const root = follow(readme);
      const page = new MiniProgram(phone, { root }).open("/pages/index/index");
      await page.sees((shown) => shown.data.profile?.id !== undefined);
      assert.equal(page.data.isNew, true);
      assert.equal(page.data.profile.id, page.data.id);
      assert.ok(page.text.startsWith("你好"));
    });

    it(`${readme}: a message where it does not work`, async () => {
      await deployment.inject({ kind: "errcode", errcode: 40125 });
      const page = new MiniProgram(phone, { root: follow(readme) }).open("/pages/index/index");
      await page.sees(() => phone.screen.shown.toasts.length === 1);
      assert.deepEqual(phone.screen.shown.toasts, ["服务配置有误，暂时无法登录"]);
    });
  }
});
