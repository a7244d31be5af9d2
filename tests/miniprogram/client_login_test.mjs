// The client's login, against the real server.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { failureOf, startClient } from "./support/client.mjs";
import { appid, loginHost } from "./support/deployment.mjs";
import { deployEach } from "./support/suite.mjs";

describe("login", () => {
  let deployment;
  let phone;
  deployEach((running, fresh) => {
    deployment = running;
    phone = fresh;
  });

  const stored = () => phone.storage.get(`wxlogind:${appid}:release`);

  it("makes a user, tells that it is new, and keeps the tokens", async () => {
    const { client, events } = startClient(phone);
    const { id, isNew } = await client.login();
    assert.match(id, /^[0-9a-f-]{36}$/);
    assert.equal(isNew, true);
    assert.equal(client.userId, id);
    assert.deepEqual(events, ["logged_in"]);
    assert.equal(stored().id, id);
    assert.equal(stored().token, await client.getToken());
  });

  it("keeps nothing but ids, tokens and times, by app, edition and server", async () => {
    await startClient(phone).client.login();
    assert.deepEqual(phone.storage.keys, [`wxlogind:${appid}:release`]);
    assert.deepEqual(Object.keys(stored()).sort(), [
      "expiresAt", "id", "refreshExpiresAt", "refreshToken", "renewAt", "server", "token", "version",
    ]);
    assert.doesNotMatch(phone.storage.everything, /session_key|openid/i);
    assert.equal(stored().server, loginHost);
  });

  it("sends the code once, as JSON, with the app's id and without a header of its own making", async () => {
    await startClient(phone).client.login();
    const [sent] = phone.sent;
    assert.equal(phone.sent.length, 1);
    assert.equal(sent.method, "POST");
    assert.deepEqual(JSON.parse(sent.body), { code: phone.codes[0], appid });
    assert.equal(await deployment.arrivals(phone.codes[0]), 1);
  });

  it("is there already at the second start: nothing is sent", async () => {
    const first = await startClient(phone).client.login();
    phone.sent.length = 0;
    const second = startClient(phone).client;
    assert.equal(second.userId, first.id);
    assert.deepEqual(await second.login(), { id: first.id, isNew: false });
    assert.equal(phone.sent.length, 0);
    assert.equal(phone.codes.length, 1);
  });

  it("knows the user again when asked for a fresh login", async () => {
    const { client } = startClient(phone);
    const first = await client.login();
    assert.deepEqual(await client.login({ fresh: true }), { id: first.id, isNew: false });
    assert.equal(new Set(phone.codes).size, 2);
  });

  it("is one login for twenty that ask at the same time", async () => {
    const { client, events } = startClient(phone);
    const logins = await Promise.all(Array.from({ length: 20 }, () => client.login()));
    assert.equal(new Set(logins.map(({ id }) => id)).size, 1);
    assert.equal(phone.codes.length, 1);
    assert.equal(phone.sent.length, 1);
    assert.deepEqual(events, ["logged_in"]);
  });

  it("does not share a login between the trial and the release edition, nor between servers", async () => {
    await startClient(phone).client.login();
    phone.envVersion = "trial";
    assert.equal(startClient(phone).client.userId, null);
    phone.envVersion = "release";
    assert.equal(startClient(phone, { baseUrl: "https://other.example.com" }).client.userId, null);
    assert.notEqual(startClient(phone).client.userId, null);
  });

  it("repeats once with a fresh code when the code is refused", async () => {
    await deployment.inject({ kind: "errcode", errcode: 40029, count: 1 });
    const { client, surroundings } = startClient(phone);
    await client.login();
    assert.equal(phone.codes.length, 2);
    assert.deepEqual(phone.sent.map(({ body }) => JSON.parse(body).code), phone.codes);
    assert.deepEqual(surroundings.pauses, []);
  });

  it("gives up after the one repeat, and says why in both languages", async () => {
    await deployment.inject({ kind: "errcode", errcode: 40163 });
    const { client, events } = startClient(phone);
    const error = await failureOf(client.login());
    assert.equal(error.name, "WxloginError");
    assert.equal(error.code, "code_rejected");
    assert.equal(error.retry, "login");
    assert.equal(error.status, 401);
    assert.equal(error.errcode, 40163);
    assert.match(error.requestId, /\S/);
    assert.match(error.messages.zh, /\p{Script=Han}/u);
    assert.match(error.messages.en, /login code/);
    assert.equal(phone.codes.length, 2);
    assert.deepEqual(events, []);
    assert.equal(phone.storage.writes, 0);
  });

  it("never sends a code twice when the exchange's answer is lost", async () => {
    await deployment.inject({ kind: "drop_after", count: 1 });
    await startClient(phone).client.login();
    assert.equal(new Set(phone.codes).size, 2);
    for (const code of phone.codes) assert.equal(await deployment.arrivals(code), 1);
  });

  it("waits as long as the server asks and tries again with a fresh code, three times in all", async () => {
    await deployment.inject({ kind: "errcode", errcode: -1 });
    const { client, surroundings } = startClient(phone);
    const error = await failureOf(client.login());
    assert.equal(error.code, "wechat_unavailable");
    assert.equal(error.messages.zh, "微信服务繁忙，请稍后再试");
    assert.equal(surroundings.pauses.length, 2);
    for (const pause of surroundings.pauses) assert.ok(pause >= error.retryAfterMs && pause < 10_000, String(pause));
    assert.equal(phone.codes.length, 3);
    assert.equal(new Set(phone.codes).size, 3);
  });

  it("comes through when WeChat fails for a moment", async () => {
    await deployment.inject({ kind: "errcode", errcode: 99999, count: 1 });
    const { client, surroundings } = startClient(phone);
    assert.equal((await client.login()).isNew, true);
    assert.equal(surroundings.pauses.length, 1);
    assert.equal(phone.codes.length, 2);
  });

  it("tells at once that it is to take a minute", async () => {
    await deployment.inject({ kind: "errcode", errcode: 45011 });
    const { client, surroundings } = startClient(phone);
    const error = await failureOf(client.login());
    assert.equal(error.code, "rate_limited");
    assert.equal(error.retry, "later");
    assert.equal(error.retryAfterMs, 60_000);
    assert.deepEqual(surroundings.pauses, []);
    assert.equal(phone.codes.length, 1);
  });

  it("does not repeat what only an operator can mend", async () => {
    await deployment.inject({ kind: "errcode", errcode: 40125 });
    const error = await failureOf(startClient(phone).client.login());
    assert.equal(error.code, "wechat_misconfigured");
    assert.equal(error.retry, "no");
    assert.equal(phone.codes.length, 1);
  });

  it("says that a blocked user is blocked", async () => {
    await deployment.inject({ kind: "errcode", errcode: 40226 });
    const error = await failureOf(startClient(phone).client.login());
    assert.equal(error.code, "user_blocked");
    assert.equal(phone.codes.length, 1);
  });
});
