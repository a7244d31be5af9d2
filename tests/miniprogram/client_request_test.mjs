// Requests with a token: what is added, when it is renewed, what is repeated. Against a server that the test
// writes, so that every answer can be had; the same against the real one is in client_session_test.mjs.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { clientModule, failureOf, startClient } from "./support/client.mjs";
import { appid, loginHost } from "./support/deployment.mjs";
import { MadeUpServer, reply, replyJson, tokens } from "./support/made_up_server.mjs";
import { Phone } from "./support/phone.mjs";

const apiHost = "https://api.example.com";
const hour = 3600_000;
const problem = (status, code, retry, fields) => replyJson(status, { code, retry, status }, fields);
const refused = problem(401, "invalid_token", "login");

describe("requests with a token", () => {
  let server;
  let phone;
  let codes = 0;
  // Path → what comes back: a text, or a function of the request. Whoever is last in a list stays.
  let script;

  before(async () => {
    server = await MadeUpServer.start((request, socket) => {
      const path = request.target.split("?")[0];
      const row = script[path] ?? replyJson(200, { at: path });
      const next = Array.isArray(row) ? (row.length > 1 ? row.shift() : row[0]) : row;
      const text = typeof next === "function" ? next(request, socket) : next;
      if (text !== undefined) socket.end(text);
    });
  });
  beforeEach(() => {
    server.requests.length = 0;
    script = {
      "/login": () => replyJson(200, tokens()),
      "/token/refresh": () => replyJson(200, tokens()),
      "/logout": "HTTP/1.1 204 No Content\r\n\r\n",
    };
    phone = new Phone({
      appid, mint: async () => `code${++codes}`, hosts: { [loginHost]: server.address, [apiHost]: server.address },
    });
  });
  after(() => server?.end());

  const paths = () => server.requests.map(({ target }) => target);
  const to = (path) => server.requests.filter(({ target }) => target === path);
  const bearerOf = (request) => request.headers.authorization;

  async function loggedIn(options) {
    const started = startClient(phone, options);
    await started.client.login();
    server.requests.length = 0;
    started.events.length = 0;
    return started;
  }

  it("adds the token, and gives the parsed answer", async () => {
    const { client } = await loggedIn();
    const { statusCode, data } = await client.request({ url: "/orders", data: { page: 2, city: undefined }, header: { "X-Shop": "7" } });
    assert.equal(statusCode, 200);
    assert.deepEqual(data, { at: "/orders" });
    const [sent] = server.requests;
    assert.equal(sent.method, "GET");
    assert.equal(sent.target, "/orders?page=2");
    assert.equal(bearerOf(sent), `Bearer ${await client.getToken()}`);
    assert.equal(sent.headers["x-shop"], "7");
  });

  it("sends one Authorization field, whatever the caller gives", async () => {
    const { client } = await loggedIn();
    const { request } = phone.wx;
    const fields = [];
    phone.wx.request = (options) => {
      fields.push(Object.keys(options.header));
      return request(options);
    };
    await client.request({ url: "/orders", header: { authorization: "Basic x", "X-Shop": "7" } });
    assert.deepEqual(fields, [["X-Shop", "Authorization"]]);
  });

  it("takes any JSON for an answer, a text and null as well", async () => {
    const { client } = await loggedIn();
    for (const value of ["text", "", 0, false, null, [1]]) {
      script["/value"] = replyJson(200, value);
      assert.deepEqual((await client.request({ url: "/value" })).data, value);
    }
  });

  it("logs in by itself at the first request, once for twenty pages", async () => {
    const { client } = startClient(phone);
    await Promise.all(Array.from({ length: 20 }, (_, i) => client.request({ url: `/page${i}` })));
    assert.equal(to("/login").length, 1);
    assert.equal(server.requests.length, 21);
    assert.ok(phone.channels.request.highest <= 10);
  });

  it("goes to the servers that were named and to no other", async () => {
    const { client } = await loggedIn({ origins: [apiHost] });
    await client.request({ url: `${apiHost}/orders` });
    await client.request({ url: `${loginHost}/orders` });
    assert.equal(server.requests.length, 2);
    for (const url of [
      "https://evil.example.com/", "http://api.example.com/orders", "https://api.example.com.evil.com/",
      "https://api.example.com@evil.com/", "https://api.example.com:8443/", "evil.example.com/x",
      "https://api.example.com\\@evil.com/", "", undefined, "ftp://api.example.com/",
    ]) {
      const error = await failureOf(client.request({ url }));
      assert.equal(error.code, "invalid_argument", String(url));
    }
    assert.equal(server.requests.length, 2);
  });

  it("does not let a path leave for another host", async () => {
    const { client } = await loggedIn();
    await client.request({ url: "//evil.example.com/x" });
    assert.equal(server.requests[0].headers.host, new URL(server.address).host);
  });

  it("renews ahead of the end: ten requests, one renewal", async () => {
    const { client, surroundings, events } = await loggedIn();
    surroundings.ahead = 2 * hour - 60_000;
    await Promise.all(Array.from({ length: 10 }, (_, i) => client.request({ url: `/page${i}` })));
    assert.equal(to("/token/refresh").length, 1);
    assert.equal(server.requests.length, 11);
    assert.equal(new Set(server.requests.slice(1).map(bearerOf)).size, 1);
    assert.deepEqual(events, ["refreshed"]);
    assert.equal(phone.storage.get(`wxlogind:${appid}:release`).token, await client.getToken());
  });

  it("renews not before that", async () => {
    const { client, surroundings } = await loggedIn();
    surroundings.ahead = 1.9 * hour;
    await client.request({ url: "/orders" });
    assert.deepEqual(paths(), ["/orders"]);
  });

  it("a short-lived token is renewed in the last tenth of its life", async () => {
    script["/login"] = replyJson(200, tokens({ expires_in: 100 }));
    const { client, surroundings } = await loggedIn();
    surroundings.ahead = 85_000;
    await client.request({ url: "/orders" });
    assert.equal(to("/token/refresh").length, 0);
    surroundings.ahead = 95_000;
    await client.request({ url: "/orders" });
    assert.equal(to("/token/refresh").length, 1);
  });

  it("uses a token that is still good when the renewal fails, and lets the server rest", async () => {
    const { client, surroundings } = await loggedIn();
    const token = await client.getToken();
    surroundings.ahead = 2 * hour - 60_000;
    script["/token/refresh"] = problem(503, "overloaded", "later", { "Retry-After": "30" });
    for (let i = 0; i < 5; i++) await client.request({ url: "/orders" });
    assert.equal(to("/token/refresh").length, 1);
    assert.ok(to("/orders").every((each) => bearerOf(each) === `Bearer ${token}`));
    surroundings.ahead += 31_000;
    script["/token/refresh"] = () => replyJson(200, tokens());
    await client.request({ url: "/orders" });
    assert.equal(to("/token/refresh").length, 2);
  });

  it("refused: renews once and repeats once, whatever the method", async () => {
    const { client } = await loggedIn();
    script["/orders"] = [refused, replyJson(200, { ok: true })];
    const { data } = await client.request({ url: "/orders", method: "POST", data: { n: 1 } });
    assert.deepEqual(data, { ok: true });
    assert.deepEqual(paths(), ["/orders", "/token/refresh", "/orders"]);
    assert.notEqual(bearerOf(to("/orders")[0]), bearerOf(to("/orders")[1]));
    assert.equal(to("/orders")[0].body, to("/orders")[1].body);
  });

  it("refused again: the error, and no third time", async () => {
    const { client } = await loggedIn();
    script["/orders"] = refused;
    const error = await failureOf(client.request({ url: "/orders" }));
    assert.equal(error.code, "invalid_token");
    assert.deepEqual(paths(), ["/orders", "/token/refresh", "/orders"]);
  });

  it("ten that are refused at the same time make one renewal", async () => {
    const { client } = await loggedIn();
    const old = `Bearer ${await client.getToken()}`;
    for (let i = 0; i < 10; i++) {
      script[`/page${i}`] = (request) => (bearerOf(request) === old ? refused : replyJson(200, {}));
    }
    await Promise.all(Array.from({ length: 10 }, (_, i) => client.request({ url: `/page${i}` })));
    assert.equal(to("/token/refresh").length, 1);
    assert.equal(server.requests.length, 21);
  });

  it("one that is refused after the others have renewed uses what they got", async () => {
    const { client } = await loggedIn();
    let refuseLate;
    const arrived = new Promise((resolve) => {
      script["/slow"] = [(_, socket) => {
        refuseLate = () => socket.end(refused);
        resolve();
      }, replyJson(200, {})];
    });
    const slow = client.request({ url: "/slow" });
    await arrived;
    script["/quick"] = [refused, replyJson(200, {})];
    await client.request({ url: "/quick" });
    refuseLate();
    await slow;
    assert.deepEqual(paths(), ["/slow", "/quick", "/token/refresh", "/quick", "/slow"]);
  });

  it("revoked: one fresh login, and the request goes through", async () => {
    const { client, events } = await loggedIn();
    script["/orders"] = [refused, replyJson(200, { ok: true })];
    script["/token/refresh"] = refused;
    await client.request({ url: "/orders" });
    assert.deepEqual(paths(), ["/orders", "/token/refresh", "/login", "/orders"]);
    assert.deepEqual(events, ["expired", "logged_in"]);
  });

  it("does not ask for a renewal whose refresh token is over", async () => {
    const { client, surroundings } = await loggedIn();
    surroundings.ahead = 31 * 24 * hour;
    await client.request({ url: "/orders" });
    assert.deepEqual(paths(), ["/login", "/orders"]);
  });

  it("a renewal whose answer was lost is asked for again with the same refresh token", async () => {
    const { client, surroundings } = await loggedIn();
    script["/token/refresh"] = [(_, socket) => void socket.destroy(), () => replyJson(200, tokens())];
    surroundings.ahead = 2 * hour;
    await client.request({ url: "/orders" });
    const [first, second] = to("/token/refresh");
    assert.equal(first.body, second.body);
    assert.equal(to("/login").length, 0);
  });

  it("later: repeats a GET after a wait, and no POST unless it is said to be repeatable", async () => {
    const busy = problem(503, "overloaded", "later", { "retry-after": "2" });
    const { client, surroundings } = await loggedIn();
    script["/orders"] = [busy, busy, replyJson(200, {})];
    await client.request({ url: "/orders" });
    assert.deepEqual(surroundings.pauses, [2300, 2600]);

    script["/orders"] = [busy, replyJson(200, {})];
    assert.equal((await failureOf(client.request({ url: "/orders", method: "POST" }))).code, "overloaded");
    script["/orders"] = [busy, replyJson(200, {})];
    await client.request({ url: "/orders", method: "POST", repeatable: true });
  });

  it("does not wait longer than somebody looks at a spinner", async () => {
    const { client, surroundings } = await loggedIn();
    script["/orders"] = problem(429, "rate_limited", "later", { "Retry-After": "60" });
    const error = await failureOf(client.request({ url: "/orders" }));
    assert.equal(error.retryAfterMs, 60_000);
    assert.deepEqual(surroundings.pauses, []);
  });

  it("after logout nothing logs in unasked, not even after a restart", async () => {
    const { client, events } = await loggedIn();
    const token = await client.getToken();
    assert.deepEqual(await client.logout(), { toldServer: true });
    assert.equal(bearerOf(to("/logout")[0]), `Bearer ${token}`);
    assert.equal(client.userId, null);
    assert.deepEqual(events, ["logged_out"]);
    assert.equal((await failureOf(client.request({ url: "/orders" }))).code, "not_logged_in");
    const restarted = startClient(phone).client;
    assert.equal((await failureOf(restarted.getProfile())).code, "not_logged_in");
    assert.deepEqual(paths(), ["/logout"]);
    assert.doesNotMatch(phone.storage.everything, /token\d|refresh\d/);
    await restarted.login();
    await restarted.request({ url: "/orders" });
  });

  it("logs out without a network: here at once, and says that the server does not know", async () => {
    const { client, surroundings } = await loggedIn();
    phone.online = false;
    assert.deepEqual(await client.logout(), { toldServer: false });
    assert.equal(client.userId, null);
    assert.doesNotMatch(phone.storage.everything, /token\d|refresh\d/);
    assert.deepEqual(surroundings.pauses, []);
  });

  it("logs out of a session whose token is over", async () => {
    const { client } = await loggedIn();
    script["/logout"] = [refused, "HTTP/1.1 204 No Content\r\n\r\n"];
    assert.deepEqual(await client.logout(), { toldServer: true });
    assert.deepEqual(paths(), ["/logout", "/token/refresh", "/logout"]);
  });

  it("logs out everywhere only where the server hears of it", async () => {
    const { client } = await loggedIn();
    phone.online = false;
    assert.equal((await failureOf(client.logout({ all: true }))).code, "offline");
    assert.notEqual(client.userId, null);
    phone.online = true;
    await client.logout({ all: true });
    assert.deepEqual(JSON.parse(to("/logout")[0].body), { all: true });
    assert.equal(client.userId, null);
  });

  it("a login that is under way when the user logs out leaves nobody logged in", async () => {
    const { client } = startClient(phone);
    let answer;
    const arrived = new Promise((resolve) => {
      script["/login"] = (_, socket) => {
        answer = () => socket.end(replyJson(200, tokens({ token: "late" })));
        resolve();
      };
    });
    const told = new Promise((resolve) => {
      script["/logout"] = (request) => {
        resolve(bearerOf(request));
        return "HTTP/1.1 204 No Content\r\n\r\n";
      };
    });
    const login = failureOf(client.login());
    await arrived;
    await client.logout();
    answer();
    assert.equal((await login).code, "not_logged_in");
    assert.equal(await told, "Bearer late");
    assert.equal(client.userId, null);
    assert.doesNotMatch(phone.storage.everything, /late/);
  });

  it("a renewal that is under way when the user logs out leaves nobody logged in", async () => {
    const { client, surroundings } = await loggedIn();
    surroundings.ahead = 2 * hour - 60_000;
    let answer;
    const arrived = new Promise((resolve) => {
      script["/token/refresh"] = (_, socket) => {
        answer = () => socket.end(replyJson(200, tokens()));
        resolve();
      };
    });
    const request = failureOf(client.request({ url: "/orders" }));
    await arrived;
    await client.logout();
    answer();
    assert.equal((await request).code, "not_logged_in");
    assert.equal(client.userId, null);
    assert.equal(to("/orders").length, 0);
  });

  it("a listener hears of logins until it is taken off", async () => {
    const { client } = startClient(phone);
    const heard = [];
    const off = client.on("session", ({ reason, id }) => heard.push(`${reason} ${id}`));
    const { id } = await client.login();
    off();
    await client.logout();
    assert.deepEqual(heard, [`logged_in ${id}`]);
    assert.equal((await failureOf((async () => client.on("error", () => {}))())).code, "invalid_argument");
  });

  it("gives up a phone that calls nobody back", async () => {
    let aborted = false;
    phone.wx.login = ({ success }) => success({ code: "code" });
    phone.wx.request = () => ({ abort: () => void (aborted = true) });
    const { createClient } = clientModule("index", { wx: phone.wx, setTimeout: (call) => setTimeout(call, 1) });
    const error = await failureOf(createClient({ baseUrl: loginHost }).login());
    assert.equal(error.code, "timeout");
    assert.ok(aborted);
  });

  it("is not made without an address", () => {
    for (const options of [undefined, {}, { baseUrl: "" }, { baseUrl: "login.example.com" }, { baseUrl: 7 }]) {
      assert.throws(() => startClient(phone, { baseUrl: undefined, ...options }), { code: "invalid_argument" });
    }
  });
});
