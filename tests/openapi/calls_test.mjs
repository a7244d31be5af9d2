// Every call of etc/openapi.yaml against the running server, with every status that it names. What comes back is
// checked by the caller; here stands how to get it.
import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { Caller } from "./support/caller.mjs";
import { Description } from "./support/description.mjs";
import { Server, appid } from "./support/server.mjs";

const described = new Description();
const caller = new Caller(described);
const nobody = "01990f3e-7a2b-7c3d-8e4f-5a6b7c8d9e0f";
const longAgo = "203.0.113.7";

// Named, and not to be had from outside in this test.
const unprovoked = new Set([
  // A ban ends the sessions first: this answer is for calls that are under way meanwhile.
  ...["showMe", "changeMe", "changeMeByPost", "takeUserInfo", "uploadAvatar", "bindPhone"].map((id) => `${id} 403`),
  // More waiting for the database than it takes.
  "decryptOpenData 503",
]);

let server;
let users = 0;

const call = (id, what = {}) => caller.call(server.at, id, what);
const operate = (id, what = {}) => call(id, { token: server.key, ...what });
const status = async (wanted, id, what) => {
  const answer = await call(id, what);
  assert.equal(answer.status, wanted, `${id}: ${answer.bytes}`);
  return answer;
};
const keyWithoutScope = (id) => server.keyWithout(described.operation(id)["x-scope"]);
const newUser = async () => {
  const user = `user${++users}`;
  const login = await status(200, "logIn", { body: { code: await server.code(user) } });
  return { user, ...login.body };
};

// All of it ASCII, so that it can be sent as a text.
const picture = "GIF89a\x03\0\x02\0\0\0\0,\0\0\0\0\x03\0\x02\0\0\x02\x06pixels\0;";
const upload = (content) => ({
  type: "multipart/form-data; boundary=b",
  body: `--b\r\nContent-Disposition: form-data; name="avatar"; filename="a.gif"\r\n\r\n${content}\r\n--b--\r\n`,
});

const bannedUser = async () => {
  const login = await newUser();
  await status(204, "banUser", { token: server.key, path: { id: login.id } });
  return login;
};

suite("calls", () => {
  before(async () => {
    server = await Server.start({
      wechat: "timeout_ms = 1500\nfirst_byte_timeout_ms = 1000",
      sections: "[limits]\nlogins_per_address = 3\nrequests_per_user = 12\nlogins_per_app = 100000",
    });
  });
  after(() => server?.end());

  test("logins", async () => {
    const code = await server.code("anna");
    const query = { code, appid, nickName: "阿丽 🎋", gender: "2", city: "广州", language: "zh_CN" };
    const first = await status(200, "logInByQuery", { query });
    assert.equal(first.body.is_new, true);
    const body = { code: await server.code("anna"), appid: null, nickName: "", gender: 1, country: null };
    const second = await status(200, "logIn", { body });
    assert.equal(second.body.id, first.body.id);

    await status(400, "logInByQuery", { query: { code: "" } });
    await status(400, "logIn", { body: {} });
    await status(415, "logIn", { body: "code=x", type: "application/x-www-form-urlencoded" });
    await status(401, "logIn", { body: { code: "0no1such2code" } });
    await status(401, "logInByQuery", { query: { code: "0no1such2code" } });
  });

  test("what WeChat says of a login", async () => {
    const faults = [
      [{ kind: "errcode", errcode: 40226 }, 403, "user_blocked"],
      [{ kind: "errcode", errcode: 40013 }, 502, "wechat_misconfigured"],
      [{ kind: "errcode", errcode: 99999 }, 502, "wechat_bad_answer"],
      [{ kind: "body", named: "empty" }, 502, "wechat_bad_answer"],
      [{ kind: "errcode", errcode: -1 }, 503, "wechat_unavailable"],
      [{ kind: "hang" }, 504, "wechat_timeout"],
      [{ kind: "errcode", errcode: 45009 }, 429, "rate_limited"],
    ];
    for (const [fault, wanted, problem] of faults) {
      await server.deployment.inject(fault);
      const code = await server.code("bert");
      const byQuery = await status(wanted, "logInByQuery", { query: { code } });
      assert.equal(byQuery.body.code, problem);
      if (fault.errcode) assert.equal(byQuery.body.errcode, fault.errcode);
      await status(wanted, "logIn", { body: { code: await server.code("bert") } });
      await server.deployment.clearFaults();
    }
  });

  test("quotas", async () => {
    const headers = { "x-forwarded-for": longAgo };
    const body = { refresh_token: "AQEB" };
    for (let i = 0; i < 3; ++i) await status(401, "refreshSession", { headers, body });
    const refused = await status(429, "refreshSession", { headers, body });
    assert.match(refused.headers.get("ratelimit-policy"), /^"address";q=3;w=/);
    assert.match(refused.headers.get("ratelimit"), /^"address";r=0;t=/);

    const { token } = await newUser();
    while ((await call("showMe", { token })).status === 200);
    await status(429, "uploadAvatar", { token, ...upload("GIF89a") });
    const spent = [["showMe"], ["exportMe"], ["eraseMe"], ["logOut"], ["changeMe", { nickName: "x" }],
      ["changeMeByPost", { nickName: "x" }], ["takeUserInfo", { rawData: "{}", signature: "a".repeat(40) }],
      ["bindPhone", {}]];
    for (const [id, sent] of spent) await status(429, id, { token, body: sent });
  });

  test("sessions", async () => {
    const login = await newUser();
    const next = await status(200, "refreshSession", { body: { refresh_token: login.refresh_token } });
    assert.equal(next.body.id, login.id);
    await status(400, "refreshSession", { body: {} });
    await status(401, "refreshSession", { body: { refresh_token: "x" } });
    await status(415, "refreshSession", { body: "{}", type: "text/plain" });
    const { refresh_token } = await bannedUser();
    await status(403, "refreshSession", { body: { refresh_token } });

    const { token } = next.body;
    await status(400, "logOut", { token, body: { all: "yes" } });
    await status(415, "logOut", { token, body: "all", type: "text/plain" });
    await status(204, "logOut", { token, body: { all: true } });
    await status(401, "logOut", { token });
    await status(204, "logOut", { token: (await newUser()).token });
  });

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

  test("texts", async () => {
    const token = server.key;
    const user = (await newUser()).id;
    const fine = await status(200, "checkText", { token, body: { user, text: "你好", scene: 2, appid } });
    assert.equal(fine.body.suggest, "pass");
    await status(400, "checkText", { token, body: { user } });
    await status(404, "checkText", { token, body: { user: nobody, text: "x" } });
    await status(415, "checkText", { token, body: "x", type: "text/plain" });
    await status(401, "checkText", { body: { user, text: "x" } });
    await status(403, "checkText", { token: keyWithoutScope("checkText"), body: { user, text: "x" } });
  });

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
      await status(200, id, { token: server.key, form });
      await status(400, id, { token: server.key, form: {} });
      await status(401, id, { form });
      await status(403, id, { token: keyWithoutScope(id), form });
      await status(415, id, { token: server.key, body: form });
    }
    for (const token of [login.token, login.refresh_token]) {
      const known = await operate("introspectToken", { form: { token, token_type_hint: "access_token" } });
      assert.equal(known.body.active, true);
    }
    await operate("revokeToken", { form: { token: login.token } });
    await status(401, "verifySession", { token: login.token });
  });

  test("users and sessions, as operators see them", async () => {
    const login = await newUser();
    const path = { id: login.id };
    const token = server.key;
    const list = await status(200, "listUsers", { token, query: { limit: "2" } });
    assert.equal(list.body.users.length, 2);
    await status(200, "listUsers", { token, query: { limit: "2", cursor: list.body.next } });
    for (const query of [{ id: login.id }, { openid: login.openid }, { unionid: login.unionid ?? "o" },
      { nickName: "阿" }, { state: "banned" }]) await status(200, "listUsers", { token, query });
    await status(400, "listUsers", { token, query: { limit: "0" } });

    await status(200, "showUser", { token, path });
    await status(200, "listSessions", { token, path });
    const all = await status(200, "exportUser", { token, path });
    const sid = all.body.sessions[0].id;
    await status(204, "revokeSession", { token, path: { sid } });
    await status(401, "showMe", { token: login.token });
    for (const id of ["banUser", "unbanUser", "revokeUser", "eraseUser"]) await status(204, id, { token, path });

    for (const id of ["showUser", "listSessions", "exportUser", "banUser", "unbanUser", "revokeUser", "eraseUser",
      "revokeSession"]) {
      const nowhere = { path: { id: nobody, sid: "999999999" } };
      await status(404, id, { token, ...nowhere });
      await status(404, id, { token, path: { id: "x", sid: "x" } });
      await status(401, id, nowhere);
      await status(403, id, { token: keyWithoutScope(id), ...nowhere });
    }
    for (const id of ["listUsers", "readAudit", "showResealing", "startResealing"]) {
      await status(401, id);
      await status(403, id, { token: keyWithoutScope(id) });
    }
  });

  test("two users who are one person", async () => {
    const token = server.key;
    // With unionids they would be two for WeChat.
    await server.deployment.inject({ kind: "body", named: "null_unionid", count: 1 });
    const [one, other] = [await newUser(), await newUser()];
    const merged = await status(200, "mergeUsers", { token, body: { user: other.id, other: one.id } });
    assert.deepEqual(merged.body, { id: one.id, merged: other.id });
    const unmerged = await status(200, "unmergeUser", { token, path: { id: other.id } });
    assert.deepEqual(unmerged.body, { id: one.id, unmerged: other.id });
    await status(400, "mergeUsers", { token, body: { user: one.id, other: one.id } });
    await status(404, "mergeUsers", { token, body: { user: one.id, other: nobody } });
    await status(415, "mergeUsers", { token, body: "x", type: "text/plain" });
    await status(404, "unmergeUser", { token, path: { id: nobody } });
    for (const id of ["mergeUsers", "unmergeUser"]) {
      const body = id === "mergeUsers" ? { user: one.id, other: other.id } : undefined;
      await status(401, id, { path: { id: nobody }, body });
      await status(403, id, { token: keyWithoutScope(id), path: { id: nobody }, body });
    }
  });

  test("a banned user", async () => {
    const login = await bannedUser();
    for (const id of ["logIn", "logInByQuery"]) {
      const code = await server.code(login.user);
      await status(403, id, { body: id === "logIn" ? { code } : undefined, query: id === "logIn" ? {} : { code } });
    }
  });

  test("the audit log and the keys", async () => {
    const token = server.key;
    const log = await status(200, "readAudit", { token, query: { limit: "200" } });
    assert.ok(log.body.records.some(({ by }) => by === "key:all"));
    await status(200, "readAudit", { token, query: { event: "banned", limit: "1" } });
    await status(200, "readAudit", { token, query: { user: nobody } });
    await status(400, "readAudit", { token, query: { event: "danced" } });
    await status(202, "startResealing", { token });
    await status(200, "showResealing", { token });
  });

  test("phone numbers", async () => {
    const { user, token } = await newUser();
    const bound = await status(200, "bindPhone", { token, body: { code: await server.phoneCode(user) } });
    assert.match(bound.body.phone, /^\d{3}\*{4}\d{4}$/);
    const { encryptedData, iv } = await server.openData(user, { kind: "phone" });
    await status(200, "bindPhone", { token, body: { encryptedData, iv } });
    await status(200, "showMe", { token });
    await status(400, "bindPhone", { token, body: {} });
    await status(401, "bindPhone", { body: {} });
    await status(409, "bindPhone", { token, body: { encryptedData: "A".repeat(22) + "==", iv } });
    await status(415, "bindPhone", { token, body: "x", type: "text/plain" });
    for (const [fault, wanted] of [[{ kind: "errcode", errcode: 48001 }, 502], [{ kind: "errcode", errcode: -1 }, 503],
      [{ kind: "hang" }, 504]]) {
      await server.deployment.inject({ ...fault, path: "/wxa/business/getuserphonenumber", count: 1 });
      await status(wanted, "bindPhone", { token, body: { code: await server.phoneCode(user) } });
    }
  });

  test("open data", async () => {
    const { user, id, token } = await newUser();
    const { rawData, signature, encryptedData, iv } = await server.openData(user);
    await status(200, "takeUserInfo", { token, body: { rawData, signature, encryptedData, iv } });
    const operator = server.key;
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
    const token = server.key;
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

  const keyCalls = ["checkSession", "resetSessionKey", "giveUserEncryptKey"];

  test("session keys", async () => {
    const token = server.key;
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
        await server.deployment.inject(fault);
        await status(id === "checkSession" && wanted === 409 ? 200 : wanted, id, { token, body: { user } });
        await server.deployment.clearFaults();
      }
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

  test("metrics", async () => {
    const shown = await status(200, "showMetrics", { token: server.key });
    assert.match(shown.bytes.toString(), /^# (HELP|TYPE) wxlogind_/);
    await status(401, "showMetrics");
    await status(403, "showMetrics", { token: keyWithoutScope("showMetrics") });
  });

  test("health", async () => {
    for (const listener of ["public", "internal"]) {
      await status(200, "showLiveness", { listener });
      await status(200, "showReadiness", { listener });
    }
  });

  test("a database that takes no writes", async () => {
    const full = await Server.start();
    try {
      const get = (id, what = {}) => caller.call(full.at, id, what);
      const login = (await get("logIn", { body: { code: await full.code("fred") } })).body;
      const path = { id: login.id };
      const { sessions } = (await get("listSessions", { token: full.key, path })).body;
      const { rawData, signature } = await full.openData("fred");
      full.forbidWrites();

      const { token, refresh_token } = login;
      const users = [["logOut"], ["exportMe"], ["changeMe", { nickName: "x" }], ["changeMeByPost", { nickName: "x" }],
        ["takeUserInfo", { rawData, signature }], ["refreshSession", { refresh_token }], ["eraseMe"]];
      for (const [id, body] of users) {
        const answer = await get(id, { body, token: id === "refreshSession" ? undefined : token });
        assert.equal(answer.status, 503, `${id}: ${answer.bytes}`);
      }
      const operators = ["exportUser", "banUser", "unbanUser", "revokeUser", "revokeSession", "revokeToken", "listSessions",
        "mergeUsers", "unmergeUser", "eraseUser"];
      for (const id of operators) {
        const form = id === "revokeToken" ? { token } : undefined;
        const body = id === "mergeUsers" ? { user: login.id, other: nobody } : undefined;
        const answer = await get(id, { token: full.key, path: { ...path, sid: sessions[0].id }, form, body });
        assert.equal(answer.status, 503, `${id}: ${answer.bytes}`);
      }
      const refused = await get("logIn", { body: { code: await full.code("fred") } });
      assert.equal(refused.body.code, "storage_unavailable");
      assert.equal((await get("showReadiness")).body.database, "not_writable");
      assert.equal((await get("verifySession", { token })).status, 200);
    } finally {
      await full.endAtOnce();
    }
  });

  test("a server that is about to leave", async () => {
    const leaving = await Server.start({ server: "drain_delay_ms = 60000" });
    leaving.deployment.server.signal("SIGTERM");
    try {
      let answer;
      do answer = await caller.call(leaving.at, "showReadiness"); while (answer.status === 200);
      assert.equal(answer.body.status, "draining");
    } finally {
      await leaving.endAtOnce();
    }
  });

  test("every status that is described has been seen, but for those that are named here", () => {
    const missing = described.operations.flatMap((operation) =>
      Object.keys(operation.responses).filter((each) => each !== "default")
        .filter((each) => ![...caller.seen].some((seen) => `${seen} `.startsWith(`${operation.name} ${each} `)))
        .map((each) => `${operation.operationId} ${each}`));
    assert.deepEqual(missing.sort(), [...unprovoked].sort());
  });

  test("and every status that came is described under its own number", () => {
    const unlisted = [...caller.seen].filter((seen) => {
      const [method, path, number] = seen.split(" ");
      const operation = described.operations.find(({ name }) => name === `${method} ${path}`);
      return !(number in operation.responses);
    });
    assert.deepEqual(unlisted, []);
  });
});
