// The life of a session with the real server: renewal, revocation, logout.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { failureOf, startClient } from "./support/client.mjs";
import { appid, loginHost } from "./support/deployment.mjs";
import { deployEach } from "./support/suite.mjs";

const hour = 3600_000;

describe("a session", () => {
  let deployment;
  let phone;
  deployEach((running, fresh) => {
    deployment = running;
    phone = fresh;
  });

  const stored = () => phone.storage.get(`wxlogind:${appid}:release`);
  const paths = () => phone.sent.map(({ url }) => new URL(url).pathname);
  const count = (path) => phone.sentTo(path).length;

  async function loggedIn() {
    const started = startClient(phone);
    await started.client.login();
    phone.sent.length = 0;
    started.events.length = 0;
    return started;
  }

  it("expired: ten requests at once make one renewal, and the user stays the same", async () => {
    const { client, surroundings, events } = await loggedIn();
    const { id, refreshToken } = stored();
    surroundings.ahead = 2 * hour + 1000;
    const profiles = await Promise.all(Array.from({ length: 10 }, () => client.getProfile()));
    assert.ok(profiles.every((profile) => profile.id === id));
    assert.equal(count("/token/refresh"), 1);
    assert.equal(count("/me"), 10);
    assert.equal(count("/login"), 0);
    assert.deepEqual(events, ["refreshed"]);
    assert.ok(stored().expiresAt > surroundings.now() + hour);
    assert.notEqual(stored().refreshToken, refreshToken);
  });

  it("renewals follow one another, across restarts", async () => {
    await startClient(phone).client.login();
    const { id } = stored();
    for (let i = 1; i <= 5; i++) {
      const { client, surroundings } = startClient(phone);
      surroundings.ahead = i * 2 * hour;
      assert.equal((await client.getProfile()).id, id);
    }
    assert.equal(count("/token/refresh"), 5);
    assert.equal(count("/login"), 1);
  });

  it("a renewal whose answer was lost gives the same session when it is asked for again", async () => {
    const { client, surroundings } = await loggedIn();
    const { id } = stored();
    const { request } = phone.wx;
    let lost = 0;
    phone.wx.request = (options) => {
      if (!options.url.endsWith("/token/refresh") || lost > 0) return request(options);
      lost += 1;
      return request({ ...options, success: () => options.fail({ errMsg: "request:fail errcode:-101" }) });
    };
    surroundings.ahead = 2 * hour;
    assert.equal((await client.getProfile()).id, id);
    assert.equal(lost, 1);
    assert.deepEqual(paths(), ["/token/refresh", "/token/refresh", "/me"]);
  });

  it("revoked: one fresh login for ten requests, with a fresh code", async () => {
    const { client, events } = await loggedIn();
    const { id, token } = stored();
    await deployment.revoke(token);
    const profiles = await Promise.all(Array.from({ length: 10 }, () => client.getProfile()));
    assert.ok(profiles.every((profile) => profile.id === id));
    assert.equal(count("/login"), 1);
    assert.equal(count("/token/refresh"), 1);
    assert.equal(count("/me"), 20);
    assert.equal(new Set(phone.codes).size, 2);
    assert.deepEqual(events, ["expired", "logged_in"]);
  });

  it("revoked while WeChat is down: the reason is told, and a later request logs in", async () => {
    const { client } = await loggedIn();
    await deployment.revoke(stored().token);
    await deployment.inject({ kind: "errcode", errcode: 40125 });
    assert.equal((await failureOf(client.getProfile())).code, "wechat_misconfigured");
    assert.equal(client.userId, null);
    await deployment.clearFaults();
    await client.getProfile();
  });

  it("a token that is no longer good though its time has not come: renewed and repeated once", async () => {
    const { client } = await loggedIn();
    phone.storage.set(`wxlogind:${appid}:release`, { ...stored(), token: `${stored().token.slice(0, -8)}AAAAAAAA` });
    const restarted = startClient(phone).client;
    assert.equal((await restarted.getProfile()).id, client.userId);
    assert.deepEqual(paths(), ["/me", "/token/refresh", "/me"]);
  });

  it("logout: the server takes neither of the tokens any more", async () => {
    const { client } = await loggedIn();
    const { token, refreshToken } = stored();
    assert.deepEqual(await client.logout(), { toldServer: true });
    const me = await fetch(`${deployment.address}/me`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(me.status, 401);
    const refresh = await fetch(`${deployment.address}/token/refresh`, {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ refresh_token: refreshToken }),
    });
    assert.equal(refresh.status, 401);
    assert.ok(!phone.storage.everything.includes(token) && !phone.storage.everything.includes(refreshToken));
    assert.equal((await failureOf(client.getProfile())).code, "not_logged_in");
  });

  it("logout without a network, then a login with one", async () => {
    const { client } = await loggedIn();
    const { id } = stored();
    phone.online = false;
    assert.deepEqual(await client.logout(), { toldServer: false });
    phone.online = true;
    assert.deepEqual(await client.login(), { id, isNew: false });
    assert.equal((await client.getProfile()).id, id);
  });

  it("logout leaves the user's other phone as it is", async () => {
    const { client } = await loggedIn();
    const there = startClient(deployment.phone(phone.user));
    await there.client.login();
    await client.logout();
    there.events.length = 0;
    await there.client.getProfile();
    assert.deepEqual(there.events, []);
  });

  it("logout everywhere ends the user's other phone as well", async () => {
    const { client } = await loggedIn();
    const other = deployment.phone(phone.user);
    const there = startClient(other);
    await there.client.login();
    await client.logout({ all: true });
    there.events.length = 0;
    await there.client.getProfile();
    assert.deepEqual(there.events, ["expired", "logged_in"]);
  });

  it("the profile is changed and read back", async () => {
    const { client } = await loggedIn();
    const changed = await client.updateProfile({ nickName: "爱丽丝🌸", city: "深圳", gender: 2 });
    assert.equal(changed.nickName, "爱丽丝🌸");
    assert.deepEqual(await client.getProfile(), changed);
    const error = await failureOf(client.updateProfile({ nickName: "长".repeat(100) }));
    assert.equal(error.code, "invalid_request");
    assert.match(error.detail, /nickName/);
  });

  it("a business server of one's own gets a token that /verify takes", async () => {
    const { client } = await loggedIn();
    const response = await fetch(`${deployment.internal}/verify`, { headers: { authorization: `Bearer ${await client.getToken()}` } });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("x-user-id"), client.userId);
  });

  it("a server that is restarted: requests go on", async () => {
    const { client } = await loggedIn();
    await deployment.server.end();
    assert.equal((await failureOf(client.getProfile())).code, "network_failed");
    await deployment.startServer();
    phone.hosts[loginHost] = deployment.address;
    assert.equal((await client.getProfile()).id, client.userId);
  });
});
