Page({
  data: {
    // "busy", "in", "out" or "failed"
    state: "busy",
    profile: null,
    since: "",
    notice: null,
  },

  onShow() {
    return this.load();
  },

  async onPullDownRefresh() {
    await this.load();
    wx.stopPullDownRefresh();
  },

  async load() {
    try {
      this.showProfile(await getApp().client.getProfile());
    } catch (error) {
      if (error.code === "not_logged_in") this.setData({ state: "out", profile: null });
      else this.setData({ state: "failed", notice: { kind: "failed", text: error.messages.zh } });
    }
  },

  showProfile(profile) {
    const day = new Date(profile.created_at * 1000);
    const since = `${day.getFullYear()} 年 ${day.getMonth() + 1} 月 ${day.getDate()} 日`;
    this.setData({ state: "in", profile, since, notice: null });
  },

  async onSave(event) {
    const { nickName, city } = event.detail.value;
    try {
      this.showProfile(await getApp().client.updateProfile({ nickName, city }));
      this.setData({ notice: { kind: "done", text: "已保存。" } });
    } catch (error) {
      this.setData({ notice: { kind: "failed", text: error.messages.zh } });
    }
  },

  async onLogin() {
    this.setData({ state: "busy", notice: null });
    try {
      await getApp().client.login();
      await this.load();
    } catch (error) {
      this.setData({ state: "out", notice: { kind: "failed", text: error.messages.zh } });
    }
  },

  async onLogout() {
    const { toldServer } = await getApp().client.logout();
    const text = toldServer ? "你已退出登录。" : "你已在这台手机上退出登录。";
    this.setData({ state: "out", profile: null, notice: { kind: "done", text } });
  },

  async onLogoutEverywhere() {
    try {
      await getApp().client.logout({ all: true });
      this.setData({ state: "out", profile: null, notice: { kind: "done", text: "你已在所有设备上退出登录。" } });
    } catch (error) {
      this.setData({ notice: { kind: "failed", text: error.messages.zh } });
    }
  },
});
