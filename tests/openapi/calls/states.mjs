// The server itself: well, without a database, about to leave.
import assert from "node:assert/strict";
import { test } from "node:test";
import { nobody } from "./bench.mjs";
import { Server } from "../support/server.mjs";

export default (bench) => {
  const { status, caller } = bench;

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
};
