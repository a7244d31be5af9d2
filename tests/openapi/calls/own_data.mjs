// What users see and change of their own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { picture, upload } from "./bench.mjs";
import { Server } from "../support/server.mjs";

export default (bench) => {
  const { status, newUser, caller } = bench;

  test("the user's own data", async () => {
    const { token } = await newUser();
    await status(200, "showMe", { token });
    await status(401, "showMe", {});
    for (const id of ["changeMe", "changeMeByPost"]) {
      const changed = await status(200, id, { token, body: { nickName: "Ω", city: null, gender: "1" } });
      assert.equal(changed.body.nickName, "Ω");
      await status(400, id, { token, body: {} });
      await status(415, id, { token, body: "nickName=x", type: "text/plain" });
      await status(401, id, { token: "x.y.z", body: { nickName: "x" } });
    }
    const type = "application/merge-patch+json";
    await status(200, "changeMe", { token, type, body: { nickName: null } });
    const all = await status(200, "exportMe", { token });
    assert.equal(all.body.sessions.length, 1);
    await status(401, "exportMe", {});
    await status(204, "eraseMe", { token });
    await status(401, "eraseMe", { token });
  });

  test("pictures", async () => {
    const { token } = await newUser();
    const { body } = await status(200, "uploadAvatar", { token, ...upload(picture) });
    const path = { id: body.avatarUrl.split("/").pop() };
    const shown = await status(200, "showAvatar", { path });
    assert.equal(shown.bytes.toString(), picture);
    await status(304, "showAvatar", { path, headers: { "if-none-match": shown.headers.get("etag") } });
    await status(404, "showAvatar", { path: { id: "0".repeat(32) } });
    await status(400, "uploadAvatar", { token, ...upload("") });
    await status(415, "uploadAvatar", { token, ...upload("<svg/>") });
    await status(401, "uploadAvatar", upload(picture));
  });

  test("phone numbers", async () => {
    const { user, token } = await newUser();
    const bound = await status(200, "bindPhone", { token, body: { code: await bench.server.phoneCode(user) } });
    assert.match(bound.body.phone, /^\d{3}\*{4}\d{4}$/);
    const { encryptedData, iv } = await bench.server.openData(user, { kind: "phone" });
    await status(200, "bindPhone", { token, body: { encryptedData, iv } });
    await status(200, "showMe", { token });
    await status(400, "bindPhone", { token, body: {} });
    await status(401, "bindPhone", { body: {} });
    await status(409, "bindPhone", { token, body: { encryptedData: "A".repeat(22) + "==", iv } });
    await status(415, "bindPhone", { token, body: "x", type: "text/plain" });
    for (const [fault, wanted] of [[{ kind: "errcode", errcode: 48001 }, 502], [{ kind: "errcode", errcode: -1 }, 503],
      [{ kind: "hang" }, 504]]) {
      await bench.server.deployment.inject({ ...fault, path: "/wxa/business/getuserphonenumber", count: 1 });
      await status(wanted, "bindPhone", { token, body: { code: await bench.server.phoneCode(user) } });
    }
  });

  test("a ban while a call of the user's waits for WeChat", async () => {
    const slow = await Server.start({
      wechat: "timeout_ms = 30000\nfirst_byte_timeout_ms = 30000",
      app: 'nickname_check = "refuse"',
    });
    try {
      const at = (id, what) => caller.call(slow.at, id, what);
      const logins = [];
      for (const user of ["gina", "hugo", "iris"])
        logins.push((await at("logIn", { body: { code: await slow.code(user) } })).body);
      const phoneCode = await slow.phoneCode("gina");
      for (const path of ["/wxa/business/getuserphonenumber", "/wxa/msg_sec_check"])
        await slow.deployment.inject({ kind: "latency", latency: "fixed:5000", path });
      const waiting = [["bindPhone", { code: phoneCode }], ["changeMe", { nickName: "x" }],
        ["changeMeByPost", { nickName: "x" }]].map(([id, body], which) => at(id, { token: logins[which].token, body }));
      while ((await slow.deployment.faultHits()) < 3) await new Promise((soon) => setTimeout(soon, 5));
      for (const { id } of logins) await at("banUser", { token: slow.key, path: { id } });
      for (const answer of await Promise.all(waiting)) assert.equal(answer.status, 403, `${answer.bytes}`);
    } finally {
      await slow.end();
    }
  });
};
