// Whatever a server or the network does: a typed error, nothing that escapes, and the storage as it was.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { failureOf, startClient } from "./support/client.mjs";
import { appid, loginHost } from "./support/deployment.mjs";
import { MadeUpServer, reply, replyJson, tokens } from "./support/made_up_server.mjs";
import { Phone } from "./support/phone.mjs";

const html = "<!DOCTYPE html><html><body>welcome</body></html>";
const whole = JSON.stringify(tokens());
const without = (name) => {
  const rest = tokens();
  delete rest[name];
  return rest;
};
const answers = (text) => (_, socket) => socket.end(text);

// What the server does, the error's code, and how often the client asks.
const table = {
  "an HTML page": [answers(reply(200, html, { "Content-Type": "text/html" })), "unreadable_answer", 1],
  "an empty body": [answers(reply(200, "")), "unreadable_answer", 1],
  "204 where a body belongs": [answers("HTTP/1.1 204 No Content\r\n\r\n"), "unreadable_answer", 1],
  "JSON that is cut short": [answers(reply(200, whole.slice(0, -9))), "unreadable_answer", 1],
  "JSON that is text": [answers(replyJson(200, "token")), "unreadable_answer", 1],
  "JSON that is an array": [answers(replyJson(200, [1])), "unreadable_answer", 1],
  "JSON that is null": [answers(reply(200, "null")), "unreadable_answer", 1],
  "no token": [answers(replyJson(200, without("token"))), "unreadable_answer", 1],
  "no id": [answers(replyJson(200, without("id"))), "unreadable_answer", 1],
  "no refresh token": [answers(replyJson(200, without("refresh_token"))), "unreadable_answer", 1],
  "a life that is text": [answers(replyJson(200, tokens({ expires_in: "7200" }))), "unreadable_answer", 1],
  "a life of nothing": [answers(replyJson(200, tokens({ expires_in: 0 }))), "unreadable_answer", 1],
  "an id that is a number": [answers(replyJson(200, tokens({ id: 7 }))), "unreadable_answer", 1],
  "a redirect without a target": [answers(reply(302, "")), "unreadable_answer", 1],
  "a 5xx without JSON": [answers(reply(502, html, { "Content-Type": "text/html" })), "server_unavailable", 3],
  "a 5xx without a body": [answers(reply(500, "")), "server_unavailable", 3],
  "a 5xx with JSON of somebody else": [answers(replyJson(503, { error: "down" })), "server_unavailable", 3],
  "a 4xx without JSON": [answers(reply(403, html)), "request_failed", 1],
  "a 401 without JSON": [answers(reply(401, html)), "invalid_token", 2],
  "a 429 of a proxy": [answers(reply(429, html)), "rate_limited", 3],
  "a problem whose code is new": [answers(replyJson(400, { code: "brand_new", retry: "no" })), "brand_new", 1],
  "a problem whose code is no text": [answers(replyJson(400, { code: 7, retry: "later" })), "request_failed", 1],
  "a problem whose retry is nonsense": [answers(replyJson(400, { code: "brand_new", retry: "maybe" })), "brand_new", 1],
  "a problem that is named like a member of every object": [answers(replyJson(400, { code: "constructor" })), "constructor", 1],
  "bytes that are not HTTP": [answers("SSH-2.0-OpenSSH_9.2\r\n"), "network_failed", 3],
  "a body that breaks off": [answers(reply(200, whole.slice(0, -9), { "Content-Length": whole.length })), "network_failed", 3],
  "a connection that is reset": [(_, socket) => socket.resetAndDestroy(), "network_failed", 3],
  "a connection that is closed": [(_, socket) => socket.end(), "network_failed", 3],
  "no answer at all": [() => {}, "timeout", 1, { timeoutMs: 300 }],
  "a head without end": [(_, socket) => socket.write("HTTP/1.1 200 OK\r\nX: "), "timeout", 1, { timeoutMs: 300 }],
};

describe("a server that misbehaves", () => {
  let server;
  let codes = 0;

  before(async () => {
    server = await MadeUpServer.start();
  });
  after(() => server?.end());

  const newPhone = () =>
    new Phone({ appid, mint: async () => `code${++codes}`, hosts: { [loginHost]: server.address } });

  // A phone that logged in when all was well.
  async function loggedIn() {
    server.answer = answers(replyJson(200, tokens()));
    const phone = newPhone();
    const { client } = startClient(phone);
    await client.login();
    server.requests.length = 0;
    return { phone, client };
  }

  for (const [what, [answer, code, attempts, options]] of Object.entries(table)) {
    it(`login: ${what}`, async () => {
      server.answer = answer;
      const phone = newPhone();
      const { client, events } = startClient(phone, options);
      const error = await failureOf(client.login());
      assert.equal(error.name, "WxloginError");
      assert.equal(error.code, code);
      assert.ok(error.messages.zh && error.messages.en);
      assert.equal(phone.sent.length, attempts);
      assert.equal(new Set(phone.codes).size, attempts);
      assert.equal(phone.storage.writes, 0);
      assert.deepEqual(events, []);
      for (const each of phone.codes) assert.doesNotMatch(`${error.message} ${error.detail}`, new RegExp(each));
    });
  }

  it("a renewal that fails leaves the session as it was", async () => {
    for (const [what, [answer, code, , options]] of Object.entries(table)) {
      if (code === "invalid_token") continue;
      const { phone } = await loggedIn();
      const before = phone.storage.everything;
      const { writes } = phone.storage;
      const { client, surroundings, events } = startClient(phone, options);
      surroundings.ahead = 7200_000 + 1000;
      server.answer = answer;
      const error = await failureOf(client.request({ url: "/me" }));
      assert.equal(error.code, code, what);
      assert.ok(phone.sent.slice(1).every(({ url }) => url === `${loginHost}/token/refresh`), what);
      assert.equal(phone.storage.everything, before, what);
      assert.equal(phone.storage.writes, writes, what);
      assert.deepEqual(events, [], what);
    }
  });

  it("a redirect is followed by the phone, and what is found there has to be a login's answer", async () => {
    server.answer = ({ target }, socket) =>
      socket.end(target === "/login" ? reply(302, "", { Location: "/welcome" }) : reply(200, html));
    server.requests.length = 0;
    const phone = newPhone();
    const error = await failureOf(startClient(phone).client.login());
    assert.equal(error.code, "unreadable_answer");
    assert.deepEqual(server.requests.map(({ method, target }) => `${method} ${target}`), ["POST /login", "GET /welcome"]);
    assert.equal(phone.storage.writes, 0);
  });

  it("a request's answer that is not JSON is an error too, and an empty one is not", async () => {
    const { client } = await loggedIn();
    server.answer = answers(reply(200, html));
    assert.equal((await failureOf(client.request({ url: "/orders" }))).code, "unreadable_answer");
    assert.equal((await failureOf(client.getProfile())).code, "unreadable_answer");
    server.answer = answers("HTTP/1.1 204 No Content\r\n\r\n");
    assert.equal((await client.request({ url: "/orders" })).data, undefined);
    assert.equal((await failureOf(client.getProfile())).code, "unreadable_answer");
  });

  it("an error of one's own service keeps its body", async () => {
    const { client } = await loggedIn();
    server.answer = answers(replyJson(422, { reason: "sold out" }, { "x-request-id": "abc" }));
    const error = await failureOf(client.request({ url: "/orders", method: "POST", data: {} }));
    assert.equal(error.code, "request_failed");
    assert.equal(error.status, 422);
    assert.deepEqual(error.data, { reason: "sold out" });
    assert.equal(error.requestId, "abc");
  });

  it("no network: said at once, and nothing is tried again", async () => {
    const phone = newPhone();
    phone.online = false;
    const { client, surroundings } = startClient(phone);
    assert.equal((await failureOf(client.login())).code, "offline");
    assert.deepEqual(surroundings.pauses, []);
    assert.equal(phone.storage.writes, 0);
  });

  it("a domain that is not registered is told from a bad network", async () => {
    const phone = newPhone();
    phone.hosts = {};
    assert.equal((await failureOf(startClient(phone).client.login())).code, "domain_not_allowed");
  });

  it("wx.login that fails, gives no code, or gives the last one again", async () => {
    server.answer = answers(replyJson(401, { code: "code_rejected", retry: "login" }));
    for (const mint of [async () => { throw new Error("system error"); }, async () => "", async () => "same"]) {
      const phone = newPhone();
      phone.wx.login = (options) => void mint().then(
        (code) => options.success({ code, errMsg: "login:ok" }), (error) => options.fail({ errMsg: `login:fail ${error.message}` }));
      server.requests.length = 0;
      assert.equal((await failureOf(startClient(phone).client.login())).code, "wx_login_failed");
      assert.ok(server.requests.length <= 1);
    }
  });

  it("a storage that is full or broken costs a login at the next start and nothing else", async () => {
    server.answer = answers(replyJson(200, tokens()));
    const phone = newPhone();
    phone.wx.setStorageSync = phone.wx.getStorageSync = phone.wx.removeStorageSync = () => {
      throw new Error("setStorageSync:fail exceed storage max size 10Mb");
    };
    const { client } = startClient(phone);
    await client.login();
    assert.match(await client.getToken(), /^token/);
  });

  it("nonsense in the storage is as good as nothing", async () => {
    for (const nonsense of ["", "text", 7, [], {}, { version: 1, server: loginHost }, { version: 1, server: loginHost, id: 1 },
      { version: 9, server: loginHost, ...tokens() }]) {
      const phone = newPhone();
      phone.storage.set(`wxlogind:${appid}:release`, nonsense);
      assert.equal(startClient(phone).client.userId, null);
    }
  });

  it("a listener that throws does not undo a login", async (t) => {
    t.mock.method(console, "error", () => {});
    server.answer = answers(replyJson(200, tokens()));
    const { client } = startClient(newPhone());
    client.on("session", () => { throw new Error("a page's mistake"); });
    await client.login();
    assert.equal(console.error.mock.callCount(), 1);
  });
});
