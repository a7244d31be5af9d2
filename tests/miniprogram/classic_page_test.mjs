// The page as it was written in 2019, its files as they lie in the example, against the real server.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { appid } from "./support/deployment.mjs";
import { MiniProgram } from "./support/mini_program.mjs";
import { deployEach } from "./support/suite.mjs";

// What <button open-type="getUserInfo"> gave then.
const userInfo = {
  nickName: "小明 & Co=1+1 😀", gender: 1, language: "zh_CN", city: "广州", province: "广东", country: "中国",
  avatarUrl: "https://thirdwx.qlogo.cn/mmopen/vi_32/aSKcBBPpibyKNicHNTMM0qJVh8Kjgiak2AHWr8MHM4WgMEm7GFhsf8OYrySdbvAMvTsw3mo8ibKicsnfN5pRjl1p8HQ/0",
};
const agreement = { errMsg: "getUserInfo:ok", userInfo, rawData: "{}", signature: "", encryptedData: "", iv: "" };
const refusal = { errMsg: "getUserInfo:fail auth deny" };

describe("the page of 2019", () => {
  let deployment;
  let phone;
  deployEach((running, fresh) => {
    deployment = running;
    phone = fresh;
  });

  const openPage = () => new MiniProgram(phone).open("/pages/classic/classic");

  it("tap agree: logged in, and id, nickName and avatarUrl are stored", async () => {
    const page = openPage();
    page.tap(".allow", agreement);
    await page.sees("登录成功");
    assert.match(phone.storage.get("id"), /^[0-9a-f-]{36}$/);
    assert.equal(phone.storage.get("nickName"), userInfo.nickName);
    assert.equal(phone.storage.get("avatarUrl"), userInfo.avatarUrl);
    assert.ok(page.text.includes(userInfo.nickName));
    assert.deepEqual(phone.screen.shown, { toasts: [], modals: [], visited: [], loading: false });
  });

  it("sends a GET with the query that wx.request writes, once", async () => {
    const page = openPage();
    page.tap(".allow", agreement);
    await page.sees("登录成功");
    const [{ method, url, headers }] = phone.sent;
    assert.equal(phone.sent.length, 1);
    assert.equal(method, "GET");
    assert.ok(url.includes("nickName=%E5%B0%8F%E6%98%8E%20%26%20Co%3D1%2B1%20%F0%9F%98%80"), url);
    assert.equal(headers["content-type"], "application/json");
    assert.match(headers.referer, new RegExp(appid));
    assert.equal(await deployment.arrivals(phone.codes[0]), 1);
  });

  it("the server has kept the profile as it was sent", async () => {
    const page = openPage();
    page.tap(".allow", agreement);
    await page.sees("登录成功");
    const answer = await fetch(`${deployment.address}/login?code=${await deployment.mintCode(phone.user)}`);
    const { id, token, is_new } = await answer.json();
    assert.equal(id, phone.storage.get("id"));
    assert.equal(is_new, false);
    const me = await (await fetch(`${deployment.address}/me`, { headers: { authorization: `Bearer ${token}` } })).json();
    for (const name of ["nickName", "city", "province", "avatarUrl"]) assert.equal(me[name], userInfo[name], name);
  });

  it("tap refuse: nothing is sent, nothing is stored, and the user is told", async () => {
    const page = openPage();
    page.tap(".allow", refusal);
    await page.sees("你拒绝了授权，还没有登录。");
    assert.deepEqual(phone.sent, []);
    assert.deepEqual(phone.codes, []);
    assert.deepEqual(phone.storage.keys, []);
    assert.match(phone.screen.shown.modals[0].content, /拒绝授权/);
  });

  it("refused, then agreed", async () => {
    const page = openPage();
    page.tap(".allow", refusal);
    await page.sees("你拒绝了授权");
    page.tap(".allow", agreement);
    await page.sees("登录成功");
  });

  it("second start: the stored user is shown, and nobody logs in", async () => {
    const first = openPage();
    first.tap(".allow", agreement);
    await first.sees("登录成功");
    phone.sent.length = 0;
    const second = openPage();
    assert.ok(second.text.includes(userInfo.nickName));
    assert.ok(second.text.includes(phone.storage.get("id")));
    assert.deepEqual(phone.sent, []);
  });

  it("a profile with holes: `undefined` as a query text is nothing to the server", async () => {
    const page = openPage();
    page.tap(".allow", { ...agreement, userInfo: { nickName: "微信用户", avatarUrl: "https://thirdwx.qlogo.cn/grey" } });
    await page.sees("登录成功");
    assert.ok(phone.sent[0].url.includes("city=undefined"));
    const answer = await fetch(`${deployment.address}/login?code=${await deployment.mintCode(phone.user)}`);
    const { token } = await answer.json();
    const me = await (await fetch(`${deployment.address}/me`, { headers: { authorization: `Bearer ${token}` } })).json();
    assert.equal(me.city, "");
  });

  it("WeChat down: a readable message, nothing stored, and the next tap works", async () => {
    await deployment.inject({ kind: "errcode", errcode: -1, count: 3 });
    const page = openPage();
    page.tap(".allow", agreement);
    await page.sees(() => phone.screen.shown.modals.length === 1);
    assert.deepEqual(phone.screen.shown.modals, [{ title: "登录失败", content: "请稍后再试（WeChat is busy）" }]);
    assert.equal(phone.screen.shown.loading, false);
    assert.deepEqual(phone.storage.keys, []);
    page.tap(".allow", agreement);
    await page.sees("登录成功");
  });

  it("no network: a readable message", async () => {
    phone.online = false;
    const page = openPage();
    page.tap(".allow", agreement);
    await page.sees(() => phone.screen.shown.modals.length === 1);
    assert.equal(phone.screen.shown.modals[0].title, "登录失败");
    assert.deepEqual(phone.storage.keys, []);
  });
});
