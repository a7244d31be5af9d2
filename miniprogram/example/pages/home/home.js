Page({
  data: {
    // "busy", "in", "out" or "failed"
    state: "busy",
    userId: "",
    message: "",
  },

  onLoad() {
    this.stopListening = getApp().client.on("session", () => this.show());
  },

  // Silent: wx.login asks the user nothing. Whoever logged out stays logged out.
  async onShow() {
    const { client } = getApp();
    this.show();
    try {
      await client.getToken();
      this.show();
    } catch (error) {
      if (error.code === "not_logged_in") this.setData({ state: "out" });
      else this.setData({ state: "failed", message: error.messages.zh });
    }
  },

  onUnload() {
    this.stopListening();
  },

  show() {
    const { userId } = getApp().client;
    if (userId !== null) this.setData({ state: "in", userId });
  },

  async onLogin() {
    this.setData({ state: "busy" });
    try {
      await getApp().client.login();
    } catch (error) {
      this.setData({ state: "failed", message: error.messages.zh });
    }
  },

  onOpen(event) {
    wx.navigateTo({ url: event.currentTarget.dataset.page });
  },
});
