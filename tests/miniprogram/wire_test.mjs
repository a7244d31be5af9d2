// The phone of these tests behaves as WeChat's do: what wx.request and its like put on the wire and give back.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { appid } from "./support/deployment.mjs";
import { MadeUpServer, reply } from "./support/made_up_server.mjs";
import { Phone } from "./support/phone.mjs";
import { withQuery } from "./support/wx/query_text.mjs";

describe("the query of a GET", () => {
  const at = "https://h/p";
  for (const [what, url, data, expected] of [
    ["text", at, { code: "a b+c/d=" }, `${at}?code=a%20b%2Bc%2Fd%3D`],
    ["Chinese and an emoji", at, { n: "小明😀" }, `${at}?n=%E5%B0%8F%E6%98%8E%F0%9F%98%80`],
    ["what stays as it is", at, { n: "!'()*~-_." }, `${at}?n=!'()*~-_.`],
    ["undefined", at, { n: undefined }, `${at}?n=undefined`],
    ["null", at, { n: null }, `${at}?n=null`],
    ["booleans and numbers", at, { a: true, b: 0 }, `${at}?a=true&b=0`],
    ["an array", at, { a: [1, 2] }, `${at}?a=%5B1%2C2%5D`],
    ["an object", at, { a: { b: 1 } }, `${at}?a=%7B%22b%22%3A1%7D`],
    ["nothing", at, {}, at],
    ["no data", at, undefined, at],
    ["a text as data", at, "a=1", at],
    ["a query that is there", `${at}?x=1&y=2`, { y: 3 }, `${at}?x=1&y=3`],
    ["a value with an equals sign", `${at}?x=a=b`, { y: 3 }, `${at}?x=a&y=3`],
    ["a second question mark", `${at}?x=1?z=2`, { y: 3 }, `${at}?x=1&y=3`],
  ]) {
    it(what, () => assert.equal(withQuery(url, data), expected));
  }
});

describe("a phone", () => {
  let server;
  let phone;
  const host = "https://h.example.com";

  before(async () => {
    server = await MadeUpServer.start();
  });
  beforeEach(() => {
    server.requests.length = 0;
    server.answer = (_, socket) => socket.end(reply(200, '{"a":1}'));
    phone = new Phone({ appid, mint: async () => "code", hosts: { [host]: server.address } });
  });
  after(() => server?.end());

  const call = (api, options) =>
    new Promise((resolve) => phone.wx[api]({
      ...options, success: (result) => resolve({ success: result }), fail: (result) => resolve({ fail: result }) }));

  it("sends GET with a content type, the platform's Referer and no cookie", async () => {
    await call("request", { url: `${host}/p`, data: { a: undefined }, header: { Referer: "https://mine/", "User-Agent": "mine" } });
    const [{ method, target, headers }] = server.requests;
    assert.equal(`${method} ${target}`, "GET /p?a=undefined");
    assert.equal(headers["content-type"], "application/json");
    assert.equal(headers.referer, `https://servicewechat.com/${appid}/12/page-frame.html`);
    assert.match(headers["user-agent"], /MicroMessenger/);
    assert.equal(headers.cookie, undefined);
  });

  it("sends POST as JSON without what is undefined, or as a form", async () => {
    await call("request", { url: `${host}/p`, method: "POST", data: { a: undefined, b: null } });
    await call("request", { url: `${host}/p`, method: "POST", data: { a: undefined, b: { c: 1 } },
      header: { "Content-Type": "application/x-www-form-urlencoded" } });
    assert.equal(server.requests[0].body, '{"b":null}');
    assert.equal(server.requests[1].body, "a=undefined&b=%5Bobject%20Object%5D");
  });

  it("calls success for any status, later, and leaves a body that is not JSON as text", async () => {
    server.answer = (_, socket) => socket.end(reply(500, "\ufeff<html>", { "set-cookie": "a=1" }));
    let inside = true;
    const result = new Promise((resolve) => phone.wx.request({
      url: `${host}/p`, success: (answer) => resolve({ answer, inside }) }));
    inside = false;
    const { answer, inside: calledFromWithin } = await result;
    assert.equal(calledFromWithin, false);
    assert.equal(answer.statusCode, 500);
    assert.equal(answer.data, "<html>");
    assert.deepEqual(answer.cookies, ["a=1"]);
    await call("request", { url: `${host}/p` });
    assert.equal(server.requests[1].headers.cookie, undefined);
  });

  it("runs ten requests at a time, and all of thirty in the end", async () => {
    let open = 0;
    let most = 0;
    const waiting = [];
    server.answer = (_, socket) => {
      open += 1;
      most = Math.max(most, open);
      waiting.push(() => {
        open -= 1;
        socket.end(reply(200, "{}"));
      });
      if (server.requests.length === 10) for (const answer of waiting.splice(0)) answer();
      else if (server.requests.length > 10) waiting.splice(0).forEach((answer) => answer());
    };
    await Promise.all(Array.from({ length: 30 }, () => call("request", { url: `${host}/p` })));
    assert.equal(most, 10);
    assert.equal(server.requests.length, 30);
  });

  it("fails for what cannot be sent", async () => {
    assert.match((await call("request", { url: "https://other.example.com/" })).fail.errMsg, /url not in domain list/);
    assert.match((await call("request", { url: "/p" })).fail.errMsg, /invalid url/);
    assert.match((await call("request", { url: host, method: "get" })).fail.errMsg, /method/);
    assert.match((await call("request", { url: host, method: "PATCH" })).fail.errMsg, /method/);
    phone.online = false;
    assert.match((await call("request", { url: `${host}/p` })).fail.errMsg, /INTERNET_DISCONNECTED/);
    assert.equal(server.requests.length, 0);
  });

  it("times out and aborts", async () => {
    server.answer = () => {};
    assert.deepEqual((await call("request", { url: `${host}/p`, timeout: 50 })).fail, { errno: 5, errMsg: "request:fail timeout" });
    const aborted = new Promise((resolve) => {
      const task = phone.wx.request({ url: `${host}/p`, fail: resolve });
      task.abort();
    });
    assert.equal((await aborted).errMsg, "request:fail abort");
  });

  it("uploads a temporary file under its temporary name, form fields as text, and gives back text", async () => {
    phone.files.set("wxfile://tmp_ab12.jpg", Buffer.from([0xff, 0xd8, 0xff]));
    const { success } = await call("uploadFile", {
      url: `${host}/p`, filePath: "wxfile://tmp_ab12.jpg", name: "file", formData: { a: 1, b: { c: 2 } }, header: { Authorization: "x" } });
    assert.equal(success.data, '{"a":1}');
    const [{ headers, body }] = server.requests;
    assert.equal(headers.authorization, "x");
    assert.match(body, /name="a"\r\n\r\n1\r\n/);
    assert.match(body, /name="b"\r\n\r\n\[object Object\]\r\n/);
    assert.match(body, /name="file"; filename="tmp_ab12.jpg"\r\nContent-Type: image\/jpeg\r\n\r\n\xff\xd8\xff\r\n/);
    assert.match((await call("uploadFile", { url: `${host}/p`, filePath: "gone", name: "file" })).fail.errMsg, /doesn't exist/);
  });

  it("keeps copies in its storage, up to a megabyte a key", () => {
    const { wx } = phone;
    const value = { a: [1] };
    wx.setStorageSync("k", value);
    value.a.push(2);
    assert.deepEqual(wx.getStorageSync("k"), { a: [1] });
    assert.equal(wx.getStorageSync("none"), "");
    assert.throws(() => wx.setStorageSync("big", "x".repeat(1024 * 1024 + 1)), /size limit/);
    wx.removeStorageSync("k");
    assert.equal(wx.getStorageSync("k"), "");
  });

  it("wx.login gives a promise where no callback is given", async () => {
    assert.equal((await phone.wx.login()).code, "code");
    assert.equal((await call("login", {})).success.errMsg, "login:ok");
  });
});
