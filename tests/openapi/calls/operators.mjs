// What operators see and do.
import assert from "node:assert/strict";
import { test } from "node:test";
import { nobody } from "./bench.mjs";

export default (bench) => {
  const { status, keyWithoutScope, newUser } = bench;

  test("users and sessions, as operators see them", async () => {
    const login = await newUser();
    const path = { id: login.id };
    const token = bench.server.key;
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
    const token = bench.server.key;
    // With unionids they would be two for WeChat.
    await bench.server.deployment.inject({ kind: "body", named: "null_unionid", count: 1 });
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

  test("the audit log and the keys", async () => {
    const token = bench.server.key;
    const log = await status(200, "readAudit", { token, query: { limit: "200" } });
    assert.ok(log.body.records.some(({ by }) => by === "key:all"));
    await status(200, "readAudit", { token, query: { event: "banned", limit: "1" } });
    await status(200, "readAudit", { token, query: { user: nobody } });
    await status(400, "readAudit", { token, query: { event: "danced" } });
    await status(202, "startResealing", { token });
    await status(200, "showResealing", { token });
  });

  test("metrics", async () => {
    const shown = await status(200, "showMetrics", { token: bench.server.key });
    assert.match(shown.bytes.toString(), /^# (HELP|TYPE) wxlogind_/);
    await status(401, "showMetrics");
    await status(403, "showMetrics", { token: keyWithoutScope("showMetrics") });
  });
};
