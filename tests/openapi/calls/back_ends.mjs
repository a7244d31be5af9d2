// What back ends ask: about tokens, and of WeChat.
import assert from "node:assert/strict";
import { test } from "node:test";
import { nobody } from "./bench.mjs";
import { Server, appid } from "../support/server.mjs";

export default (bench) => {
  const { operate, status, keyWithoutScope, newUser, caller } = bench;

  test("tokens, as back ends ask about them", async () => {
    const login = await newUser();
    const good = await status(200, "verifySession", { token: login.token });
    assert.equal(good.headers.get("x-user-id"), login.id);
    await status(401, "verifySession", { token: login.refresh_token });
    const appid = good.headers.get("x-app-id");
    await status(200, "verifySessionOfApp", { token: login.token, path: { appid } });
    await status(401, "verifySessionOfApp", { token: login.token, path: { appid: "wxanother" } });

    for (const id of ["introspectToken", "revokeToken"]) {
      const form = { token: "x" };
      await status(200, id, { token: bench.server.key, form });
      await status(400, id, { token: bench.server.key, form: {} });
      await status(401, id, { form });
      await status(403, id, { token: keyWithoutScope(id), form });
      await status(415, id, { token: bench.server.key, body: form });
    }
    for (const token of [login.token, login.refresh_token]) {
      const known = await operate("introspectToken", { form: { token, token_type_hint: "access_token" } });
      assert.equal(known.body.active, true);
    }
    await operate("revokeToken", { form: { token: login.token } });
    await status(401, "verifySession", { token: login.token });
  });

  test("texts", async () => {
    const token = bench.server.key;
    const user = (await newUser()).id;
    const fine = await status(200, "checkText", { token, body: { user, text: "你好", scene: 2, appid } });
    assert.equal(fine.body.suggest, "pass");
    await status(400, "checkText", { token, body: { user } });
    await status(404, "checkText", { token, body: { user: nobody, text: "x" } });
    await status(415, "checkText", { token, body: "x", type: "text/plain" });
    await status(401, "checkText", { body: { user, text: "x" } });
    await status(403, "checkText", { token: keyWithoutScope("checkText"), body: { user, text: "x" } });
  });

  test("open data", async () => {
    const { user, id, token } = await newUser();
    const { rawData, signature, encryptedData, iv } = await bench.server.openData(user);
    await status(200, "takeUserInfo", { token, body: { rawData, signature, encryptedData, iv } });
    const operator = bench.server.key;
    await status(200, "decryptOpenData", { token: operator, body: { user: id, encryptedData, iv } });

    const foreign = { encryptedData: "A".repeat(22) + "==", iv };
    await status(409, "takeUserInfo", { token, body: foreign });
    await status(409, "decryptOpenData", { token: operator, body: { user: id, ...foreign } });
    await status(400, "takeUserInfo", { token, body: {} });
    await status(400, "decryptOpenData", { token: operator, body: {} });
    await status(415, "takeUserInfo", { token, body: "x", type: "text/plain" });
    await status(415, "decryptOpenData", { token: operator, body: "x", type: "text/plain" });
    await status(404, "decryptOpenData", { token: operator, body: { user: nobody, ...foreign } });
    await status(401, "takeUserInfo", { body: foreign });
    await status(401, "decryptOpenData", { body: { user: id, ...foreign } });
    await status(403, "decryptOpenData", { token: keyWithoutScope("decryptOpenData"), body: { user: id, ...foreign } });
  });

  test("access tokens", async () => {
    const token = bench.server.key;
    const first = await status(200, "giveAccessToken", { token });
    const again = await status(200, "giveAccessToken", { token, query: { appid } });
    assert.equal(again.body.access_token, first.body.access_token);
    await status(200, "replaceAccessToken", { token, body: { rejected: "another" } });
    await status(400, "giveAccessToken", { token, query: { appid: "wxnobody" } });
    await status(400, "replaceAccessToken", { token, body: {} });
    await status(415, "replaceAccessToken", { token, body: "x", type: "text/plain" });
    for (const id of ["giveAccessToken", "replaceAccessToken"]) {
      await status(401, id);
      await status(403, id, { token: keyWithoutScope(id) });
    }
  });

  // A server of its own each: what went wrong is the answer for some seconds.
  const tokenFaults = [
    [{ kind: "errcode", errcode: 45009 }, 429],
    [{ kind: "errcode", errcode: 40164 }, 502],
    [{ kind: "errcode", errcode: -1 }, 503],
    [{ kind: "hang" }, 504],
  ];
  for (const [fault, wanted] of tokenFaults) {
    test(`access tokens that WeChat does not give: ${JSON.stringify(fault)}`, async () => {
      const without = await Server.start({ wechat: "timeout_ms = 1500\nfirst_byte_timeout_ms = 1000" });
      try {
        await without.deployment.inject(fault);
        const token = without.key;
        for (const id of ["giveAccessToken", "replaceAccessToken"]) {
          const body = id === "giveAccessToken" ? undefined : { rejected: "another" };
          const answer = await caller.call(without.at, id, { token, body });
          assert.equal(answer.status, wanted, `${answer.bytes}`);
        }
      } finally {
        await without.end();
      }
    });
  }

  const keyCalls = ["checkSession", "resetSessionKey", "giveUserEncryptKey"];

  test("session keys", async () => {
    const token = bench.server.key;
    const { id: user } = await newUser();
    assert.equal((await status(200, "checkSession", { token, body: { user } })).body.valid, true);
    await status(200, "giveUserEncryptKey", { token, body: { user, appid } });
    await status(204, "resetSessionKey", { token, body: { user } });
    for (const id of keyCalls) {
      await status(400, id, { token, body: {} });
      await status(401, id, { body: { user } });
      await status(403, id, { token: keyWithoutScope(id), body: { user } });
      await status(404, id, { token, body: { user: nobody } });
      await status(415, id, { token, body: "x", type: "text/plain" });
    }
    const faults = [
      [{ kind: "errcode", errcode: 87009 }, 409],
      [{ kind: "errcode", errcode: 45011 }, 429],
      [{ kind: "errcode", errcode: 48001 }, 502],
      [{ kind: "errcode", errcode: -1 }, 503],
      [{ kind: "hang" }, 504],
    ];
    for (const [fault, wanted] of faults) {
      for (const id of keyCalls) {
        await bench.server.deployment.inject(fault);
        await status(id === "checkSession" && wanted === 409 ? 200 : wanted, id, { token, body: { user } });
        await bench.server.deployment.clearFaults();
      }
    }
  });
};
