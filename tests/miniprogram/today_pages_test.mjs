// The pages that a team would write today, as they lie in the example, against the real server.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { appid, loginHost } from "./support/deployment.mjs";
import { MadeUpServer, replyJson, tokens } from "./support/made_up_server.mjs";
import { MiniProgram } from "./support/mini_program.mjs";
import { deployEach } from "./support/suite.mjs";

const key = `wxlogind:${appid}:release`;

describe("today's pages", () => {
  let deployment;
  let phone;
  deployEach((running, fresh) => {
    deployment = running;
    phone = fresh;
  });

  const stored = () => phone.storage.get(key);
  const start = () => new MiniProgram(phone);
  const logins = () => phone.sentTo("/login").length;

  describe("home", () => {
    it("logs in without a question, and says who it is", async () => {
      const page = start().open("/pages/home/home");
      assert.ok(page.text.includes("正在登录"));
      await page.sees("已登录");
      assert.ok(page.text.includes(stored().id));
      assert.equal(logins(), 1);
    });

    it("second start: no new login", async () => {
      await start().open("/pages/home/home").sees("已登录");
      phone.sent.length = 0;
      await start().open("/pages/home/home").sees("已登录");
      assert.deepEqual(phone.sent, []);
    });

    it("expired: one renewal for all pages, and no login", async () => {
      await start().open("/pages/home/home").sees("已登录");
      phone.storage.set(key, { ...stored(), renewAt: 1, expiresAt: 1 });
      phone.sent.length = 0;
      const program = start();
      const pages = ["/pages/home/home", "/pages/profile/profile", "/pages/home/home"].map((each) => program.open(each));
      await pages[0].sees("已登录");
      await pages[1].sees("加入");
      assert.equal(phone.sentTo("/token/refresh").length, 1);
      assert.equal(logins(), 0);
    });

    it("revoked: one fresh login", async () => {
      await start().open("/pages/home/home").sees("已登录");
      await deployment.revoke(stored().token);
      phone.sent.length = 0;
      await start().open("/pages/profile/profile").sees("加入");
      assert.equal(logins(), 1);
      assert.equal(new Set(phone.codes).size, 2);
    });

    it("twenty pages at once: one login", async () => {
      const program = start();
      const pages = Array.from({ length: 20 }, () => program.open("/pages/home/home"));
      await Promise.all(pages.map((page) => page.sees("已登录")));
      assert.equal(logins(), 1);
      assert.equal(phone.codes.length, 1);
    });

    it("WeChat down: a readable message, and the button tries again", async () => {
      await deployment.inject({ kind: "errcode", errcode: 40125 });
      const page = start().open("/pages/home/home");
      await page.sees("登录没有成功");
      assert.ok(page.text.includes("服务配置有误，暂时无法登录"));
      assert.deepEqual(phone.storage.keys, []);
      await deployment.clearFaults();
      page.tap(".retry");
      await page.sees("已登录");
    });

    it("WeChat down for a while: the client waits, tries again, and then says so", async () => {
      await deployment.inject({ kind: "errcode", errcode: -1 });
      const page = start().open("/pages/home/home");
      await page.sees("登录没有成功");
      assert.ok(page.text.includes("微信服务繁忙，请稍后再试"));
      assert.equal(new Set(phone.codes).size, 3);
    });

    it("no network: a readable message", async () => {
      phone.online = false;
      const page = start().open("/pages/home/home");
      await page.sees("没有网络连接，请检查网络设置");
      phone.online = true;
      page.tap(".retry");
      await page.sees("已登录");
    });

    it("without WeChat: the codes of wechat-sim, in the developer tools with a tourist's AppID", async () => {
      Object.assign(phone, { appid: "touristappid", checksDomains: false, hosts: {} });
      phone.wx.login = ({ success }) => success({ code: "the code is a mock one" });
      const config = {
        loginServer: deployment.address, simulator: deployment.control, simulatedAppId: appid, simulatedUser: "alice",
      };
      await new MiniProgram(phone, { config }).open("/pages/home/home").sees("已登录");
    });

    it("opens the other pages", async () => {
      const page = start().open("/pages/home/home");
      page.tap(".last");
      await page.sees(() => phone.screen.shown.visited.length === 1);
      assert.equal(phone.screen.shown.visited[0].url, "/pages/classic/classic");
    });
  });

  describe("the profile that the user gives", () => {
    it("asks for privacy first; a refusal is shown, and nothing of the user is sent", async () => {
      phone.screen.privacy.asked = true;
      const page = start().open("/pages/today/today");
      await page.sees("隐私保护提示");
      page.tap(".refuse", {}, "#privacy");
      await page.sees("你没有同意隐私保护指引，我们没有收集任何资料。");
      await page.sees(() => page.data.ready);
      assert.ok(!page.find(".choose") && !page.find(".phone"));
      assert.deepEqual(phone.sent.map(({ url }) => new URL(url).pathname), ["/login"]);

      page.tap(".again");
      await page.sees("隐私保护提示");
      page.tap(".agree", {}, "#privacy");
      await page.sees("选择头像");
      assert.equal(page.data.privacy, "agreed");
    });

    it("a refusal is still told when the login ends after it", async () => {
      phone.screen.privacy.asked = true;
      const logIn = phone.wx.login;
      let goOn;
      phone.wx.login = (options) => {
        goOn = () => logIn.call(phone.wx, options);
      };
      const page = start().open("/pages/today/today");
      await page.sees("隐私保护提示");
      page.tap(".refuse", {}, "#privacy");
      await page.sees("你没有同意隐私保护指引，我们没有收集任何资料。");
      goOn();
      await page.sees(() => page.data.ready);
      assert.ok(page.text.includes("你没有同意隐私保护指引，我们没有收集任何资料。"));
    });

    it("where the platform asks nothing, the form is there at once", async () => {
      const page = start().open("/pages/today/today");
      await page.sees(() => page.data.privacy === "agreed" && page.data.ready);
      assert.ok(!page.text.includes("隐私保护提示"));
    });

    it("a phone too old for the privacy question can go on", async () => {
      delete phone.wx.getPrivacySetting;
      const page = start().open("/pages/today/today");
      await page.sees(() => page.data.privacy === "agreed");
    });

    it("the nickname goes to the server, trimmed, with its emoji", async () => {
      const program = start();
      const page = program.open("/pages/today/today");
      await page.sees(() => page.data.ready);
      page.submit({ nickName: " 爱丽丝🌸 " });
      await page.sees("你好，爱丽丝🌸！资料已保存。");
      assert.equal((await program.app.client.getProfile()).nickName, "爱丽丝🌸");
    });

    it("an empty nickname and one that is too long are told, and the form stays", async () => {
      const page = start().open("/pages/today/today");
      await page.sees(() => page.data.ready);
      page.submit({ nickName: "  " });
      await page.sees("请先填写昵称。");
      assert.equal(phone.sentTo("/me").length, 0);
      page.submit({ nickName: "长".repeat(65) });
      await page.sees("提交的内容有误");
      assert.ok(page.text.includes("保存"));
    });

    it("nothing can be tapped before the login is done", async () => {
      await deployment.inject({ kind: "errcode", errcode: 40125 });
      const page = start().open("/pages/today/today");
      await page.sees("服务配置有误，暂时无法登录");
      page.tap(".choose", { avatarUrl: "http://tmp/a.png" });
      page.tap(".phone", { errMsg: "getPhoneNumber:ok", code: "c" });
      assert.equal(page.data.avatarUrl, "");
      await deployment.clearFaults();
      page.tap(".retry");
      await page.sees(() => page.data.ready);
      assert.deepEqual(phone.sent.map(({ url }) => new URL(url).pathname), ["/login", "/login"]);
    });

    it("a phone number that the user does not give: told, and nothing sent", async () => {
      const page = start().open("/pages/today/today");
      await page.sees(() => page.data.ready);
      page.tap(".phone", { errMsg: "getPhoneNumber:fail user deny" });
      await page.sees("你没有授权手机号，之后随时可以再绑定。");
      assert.equal(phone.sentTo("/me/phone").length, 0);
    });
  });

  describe("avatar and phone number, with a server that takes them", () => {
    let server;
    before(async () => {
      const answers = {
        "/login": tokens(), "/me/avatar": { avatarUrl: "https://login.example.com/avatars/1" }, "/me/phone": { phone: "139****0000" },
      };
      server = await MadeUpServer.start(({ target }, socket) => socket.end(replyJson(200, answers[target])));
    });
    beforeEach(() => {
      phone.hosts[loginHost] = server.address;
      server.requests.length = 0;
    });
    after(() => server?.end());

    it("are sent when the user gives them, after the login, and shown", async () => {
      phone.files.set("http://tmp/Ab3xY9.jpg", Buffer.from([0xff, 0xd8]));
      const page = start().open("/pages/today/today");
      await page.sees(() => page.data.ready);
      page.tap(".choose", { avatarUrl: "http://tmp/Ab3xY9.jpg" });
      await page.sees("头像已保存。");
      assert.equal(page.data.avatarUrl, "https://login.example.com/avatars/1");
      page.tap(".phone", { errMsg: "getPhoneNumber:ok", code: "phonecode" });
      await page.sees("已绑定 139****0000");
      assert.deepEqual(server.requests.map(({ target }) => target), ["/login", "/me/avatar", "/me/phone"]);
    });

    it("an avatar that cannot be sent is taken back, and the user is told", async () => {
      const page = start().open("/pages/today/today");
      await page.sees(() => page.data.ready);
      page.tap(".choose", { avatarUrl: "http://tmp/gone.jpg" });
      await page.sees("图片已失效，请重新选择");
      assert.equal(page.data.avatarUrl, "");
    });
  });

  describe("the profile page", () => {
    it("shows the profile, saves a change, and logs out", async () => {
      const program = start();
      const page = program.open("/pages/profile/profile");
      await page.sees("还没有昵称");
      assert.match(page.text, /\d{4} 年 \d+ 月 \d+ 日 加入/);
      page.submit({ nickName: "Bob", city: "深圳" });
      await page.sees("已保存。");
      assert.ok(page.text.includes("Bob"));
      const { nickName, city } = await program.app.client.getProfile();
      assert.deepEqual({ nickName, city }, { nickName: "Bob", city: "深圳" });
    });

    it("logs out, stays logged out at the next start, and logs in when asked", async () => {
      const page = start().open("/pages/profile/profile");
      await page.sees("加入");
      page.tap(".logout");
      await page.sees("你已退出登录。");
      assert.equal(phone.sentTo("/logout").length, 1);
      const home = start().open("/pages/home/home");
      await home.sees("未登录");
      assert.equal(logins(), 1);
      home.tap(".login");
      await home.sees("已登录");
      assert.equal(logins(), 2);
    });

    it("logs out on this phone where there is no network, but not everywhere", async () => {
      const page = start().open("/pages/profile/profile");
      await page.sees("加入");
      phone.online = false;
      page.tap(".everywhere");
      await page.sees("没有网络连接，请检查网络设置");
      page.tap(".logout");
      await page.sees("你已在这台手机上退出登录。");
    });

    it("logs out everywhere", async () => {
      const page = start().open("/pages/profile/profile");
      await page.sees("加入");
      page.tap(".everywhere");
      await page.sees("你已在所有设备上退出登录。");
      assert.deepEqual(JSON.parse(phone.sentTo("/logout")[0].body), { all: true });
    });
  });
});
