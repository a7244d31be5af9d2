// Profile, avatar and phone number: what the client sends, seen by a server that writes it down, and what the
// real one makes of it.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { failureOf, startClient } from "./support/client.mjs";
import { appid, loginHost } from "./support/deployment.mjs";
import { MadeUpServer, replyJson, tokens } from "./support/made_up_server.mjs";
import { deployEach } from "./support/suite.mjs";
import { Phone } from "./support/phone.mjs";

// A PNG of 3 by 2 pixels, with what could be taken for the end of a part in it.
const chunk = (name, content) => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, Buffer.from(name), content, Buffer.from("\r\n--")]);
};
const png = (pixels) => Buffer.concat([
  Buffer.from("89504e470d0a1a0a", "hex"), chunk("IHDR", Buffer.from("00000003000000020806000000", "hex")),
  chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0)),
]);
const picture = png(Buffer.from("\r\n--"));
const temporary = "http://tmp/Ab3xY9.png";

describe("the user's own data", () => {
  let server;
  let phone;
  let client;
  let script;
  let codes = 0;

  before(async () => {
    server = await MadeUpServer.start(({ target }, socket) => {
      const row = script[target] ?? [replyJson(200, tokens())];
      socket.end(row.length > 1 ? row.shift() : row[0]);
    });
  });
  beforeEach(async () => {
    script = {};
    phone = new Phone({ appid, mint: async () => `code${++codes}`, hosts: { [loginHost]: server.address } });
    phone.files.set(temporary, picture);
    client = startClient(phone).client;
    await client.login();
    server.requests.length = 0;
  });
  after(() => server?.end());

  const paths = () => server.requests.map(({ method, target }) => `${method} ${target}`);

  it("the profile is an object", async () => {
    script["/me"] = [replyJson(200, { id: "1", nickName: "爱丽丝" })];
    assert.equal((await client.getProfile()).nickName, "爱丽丝");
    assert.deepEqual(paths(), ["GET /me"]);
  });

  it("a change goes by POST, since wx.request has no PATCH, and leaves out what is undefined", async () => {
    script["/me"] = [replyJson(200, { id: "1", nickName: "Bob" })];
    const profile = await client.updateProfile({ nickName: "Bob", city: undefined });
    assert.equal(profile.nickName, "Bob");
    assert.deepEqual(paths(), ["POST /me"]);
    assert.equal(server.requests[0].headers["content-type"], "application/json");
    assert.equal(server.requests[0].body, '{"nickName":"Bob"}');
  });

  it("wx.request indeed has no PATCH", async () => {
    for (const method of ["PATCH", "get", "toString", ""]) {
      assert.equal((await failureOf(client.request({ url: "/me", method }))).code, "invalid_argument", method);
    }
    const failed = new Promise((resolve) => phone.wx.request({ url: loginHost, method: "PATCH", fail: resolve }));
    assert.match((await failed).errMsg, /method/);
    assert.deepEqual(paths(), []);
  });

  it("an upload that is refused renews and repeats once; an error keeps its type though it came as text", async () => {
    script["/me/avatar"] = [replyJson(401, { code: "invalid_token", retry: "login" }), replyJson(200, { avatarUrl: "/a" })];
    await client.uploadAvatar(temporary);
    assert.deepEqual(paths(), ["POST /me/avatar", "POST /token/refresh", "POST /me/avatar"]);
    script["/me/avatar"] = [replyJson(413, { code: "content_too_large", retry: "no" })];
    const error = await failureOf(client.uploadAvatar(temporary));
    assert.equal(error.code, "content_too_large");
    assert.equal(error.messages.zh, "内容太大");
  });

  it("no picture, or one that is gone", async () => {
    assert.equal((await failureOf(client.uploadAvatar())).code, "invalid_argument");
    assert.equal((await failureOf(client.uploadAvatar("http://tmp/gone.png"))).code, "file_not_found");
    assert.deepEqual(paths(), []);
  });

  it("a refusal, a spent quota and a wrong call send nothing, and are told apart", async () => {
    for (const [detail, code] of [
      [{ errMsg: "getPhoneNumber:fail user deny" }, "user_refused"],
      [{ errMsg: "getPhoneNumber:fail jsapi has no permission", errno: 1400001 }, "phone_quota_exhausted"],
      [{}, "invalid_argument"], [undefined, "invalid_argument"], [{ encryptedData: "only" }, "invalid_argument"],
    ]) {
      assert.equal((await failureOf(client.bindPhone(detail))).code, code);
    }
    assert.deepEqual(paths(), []);
  });

  it("encrypted data from before a login is of no use, and no login is made for it", async () => {
    const { client: fresh } = startClient(new Phone({ appid, mint: async () => "c", hosts: { [loginHost]: server.address } }));
    assert.equal((await failureOf(fresh.bindPhone({ encryptedData: "e", iv: "i" }))).code, "not_logged_in");
    assert.deepEqual(paths(), []);
  });
});

describe("the user's picture, with the real server", () => {
  let deployment;
  let phone;
  let client;
  deployEach((running, fresh) => {
    deployment = running;
    phone = fresh;
    phone.files.set(temporary, picture);
    ({ client } = startClient(phone));
  });

  const shown = (url) => fetch(url.replace(loginHost, deployment.address));

  it("is there under the URL that comes back, whole, and in the profile", async () => {
    const { avatarUrl } = await client.uploadAvatar(temporary);
    assert.match(avatarUrl, /^https:\/\/login\.example\.com\/avatars\/[0-9a-f]{32}$/);
    assert.equal((await client.getProfile()).avatarUrl, avatarUrl);
    const answer = await shown(avatarUrl);
    assert.equal(answer.headers.get("content-type"), "image/png");
    assert.deepEqual(Buffer.from(await answer.arrayBuffer()), picture);
  });

  it("sent back with the nickname, as a form does, it stays", async () => {
    const { avatarUrl } = await client.uploadAvatar(temporary);
    const profile = await client.updateProfile({ nickName: "爱丽丝", avatarUrl });
    assert.equal(profile.avatarUrl, avatarUrl);
    assert.equal((await shown(avatarUrl)).status, 200);
  });

  it("another one takes its place, of any size that phones send", async () => {
    const { avatarUrl: first } = await client.uploadAvatar(temporary);
    const large = png(Buffer.alloc(500_000, "\r\n--"));
    phone.files.set(temporary, large);
    const { avatarUrl: second } = await client.uploadAvatar(temporary);
    assert.equal((await shown(first)).status, 404);
    assert.deepEqual(Buffer.from(await (await shown(second)).arrayBuffer()), large);
  });

  it("a file that is no picture is refused, and why is told", async () => {
    phone.files.set(temporary, Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"));
    assert.equal((await failureOf(client.uploadAvatar(temporary))).code, "unsupported_media_type");
    phone.files.set(temporary, Buffer.concat([picture, Buffer.alloc(2_000_000)]));
    assert.equal((await failureOf(client.uploadAvatar(temporary))).code, "content_too_large");
    assert.equal((await client.getProfile()).avatarUrl, "");
  });
});

describe("the phone number, with the real server", () => {
  let deployment;
  let phone;
  let client;
  deployEach((running, fresh) => {
    deployment = running;
    phone = fresh;
  });
  beforeEach(async () => {
    client = startClient(phone).client;
    await client.login();
    phone.sent.length = 0;
  });

  const sent = () => phone.sent.map(({ method, url }) => `${method} ${new URL(url).pathname}`);

  it("comes by its code, and nothing else of the event is sent", async () => {
    const code = await deployment.phoneCode(phone.user);
    const { phone: masked } = await client.bindPhone({ errMsg: "getPhoneNumber:ok", code, encryptedData: "e", iv: "i" });
    assert.match(masked, /^\d{3}\*{4}\d{4}$/);
    assert.deepEqual(sent(), ["POST /me/phone"]);
    assert.deepEqual(JSON.parse(phone.sent[0].body), { code });
    assert.equal((await client.getProfile()).phone, masked);
    assert.equal(await deployment.arrivals(code), 1);
  });

  it("a code that WeChat refuses is not sent again: it takes a new tap", async () => {
    assert.equal((await failureOf(client.bindPhone({ code: "0no1such2code" }))).code, "invalid_request");
    assert.deepEqual(sent(), ["POST /me/phone"]);
  });

  it("nor is one whose answer was lost", async () => {
    await deployment.inject({ kind: "drop_after", path: "/wxa/business/getuserphonenumber" });
    const code = await deployment.phoneCode(phone.user);
    await failureOf(client.bindPhone({ code }));
    assert.deepEqual(sent(), ["POST /me/phone"]);
    assert.equal(await deployment.arrivals(code), 1);
  });

  it("encrypted data under a stale key: one fresh login, the same data once more", async () => {
    await deployment.rotateSessionKey(phone.user);
    const { encryptedData, iv } = await deployment.openData(phone.user, { kind: "phone" });
    assert.match((await client.bindPhone({ encryptedData, iv })).phone, /^\d{3}\*{4}\d{4}$/);
    assert.deepEqual(sent(), ["POST /me/phone", "POST /login", "POST /me/phone"]);
  });

  it("data that no key opens end with a word for the user, and no third try", async () => {
    const error = await failureOf(client.bindPhone({ encryptedData: "A".repeat(22) + "==", iv: "A".repeat(22) + "==" }));
    assert.equal(error.code, "session_key_stale");
    assert.equal(error.messages.zh, "授权信息已过期，请再点一次");
    assert.deepEqual(sent(), ["POST /me/phone", "POST /login", "POST /me/phone"]);
  });
});
