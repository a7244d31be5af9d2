// Logins and the sessions that they begin.
import assert from "node:assert/strict";
import { test } from "node:test";
import { longAgo, upload } from "./bench.mjs";
import { appid } from "../support/server.mjs";

export default (bench) => {
  const { call, status, newUser, bannedUser } = bench;

  test("logins", async () => {
    const code = await bench.server.code("anna");
    const query = { code, appid, nickName: "阿丽 🎋", gender: "2", city: "广州", language: "zh_CN" };
    const first = await status(200, "logInByQuery", { query });
    assert.equal(first.body.is_new, true);
    const body = { code: await bench.server.code("anna"), appid: null, nickName: "", gender: 1, country: null };
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
      await bench.server.deployment.inject(fault);
      const code = await bench.server.code("bert");
      const byQuery = await status(wanted, "logInByQuery", { query: { code } });
      assert.equal(byQuery.body.code, problem);
      if (fault.errcode) assert.equal(byQuery.body.errcode, fault.errcode);
      await status(wanted, "logIn", { body: { code: await bench.server.code("bert") } });
      await bench.server.deployment.clearFaults();
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

  test("a banned user", async () => {
    const login = await bannedUser();
    for (const id of ["logIn", "logInByQuery"]) {
      const code = await bench.server.code(login.user);
      await status(403, id, { body: id === "logIn" ? { code } : undefined, query: id === "logIn" ? {} : { code } });
    }
  });
};
