Page({
  data: {
    // Whether the login is done: before it, nothing is collected. A login afterwards could put a new session_key
    // in place of the one that a phone number is encrypted with.
    ready: false,
    // Of the privacy question: "asked", "agreed" or "refused".
    privacy: "asked",
    avatarUrl: "",
    nickName: "",
    phone: "",
    // What happened last: {kind: "done" | "refused" | "failed", text}.
    notice: null,
  },

  onLoad() {
    this.logIn();
  },

  async logIn() {
    this.setData({ notice: null });
    try {
      await getApp().client.login();
      // Not the notice: it may be the answer to what the user has done meanwhile.
      this.setData({ ready: true });
    } catch (error) {
      this.tell("failed", error.messages.zh);
    }
  },

  onPrivacyAgreed() {
    this.setData({ privacy: "agreed" });
  },

  onPrivacyRefused() {
    this.setData({ privacy: "refused" });
    this.tell("refused", "你没有同意隐私保护指引，我们没有收集任何资料。");
  },

  onAskAgain() {
    this.setData({ privacy: "asked", notice: null });
    this.selectComponent("#privacy").ask();
  },

  async onChooseAvatar(event) {
    const chosen = event.detail.avatarUrl;
    this.setData({ avatarUrl: chosen });
    try {
      const { avatarUrl } = await getApp().client.uploadAvatar(chosen);
      this.setData({ avatarUrl });
      this.tell("done", "头像已保存。");
    } catch (error) {
      this.setData({ avatarUrl: "" });
      this.tell("failed", error.messages.zh);
    }
  },

  // The platform checks a nickname after the input has lost the focus, and may clear it: so it is taken from the
  // form, and not from the input's events.
  async onSubmit(event) {
    const nickName = event.detail.value.nickName.trim();
    if (nickName === "") {
      this.tell("failed", "请先填写昵称。");
      return;
    }
    try {
      const profile = await getApp().client.updateProfile({ nickName });
      this.setData({ nickName: profile.nickName });
      this.tell("done", `你好，${profile.nickName}！资料已保存。`);
    } catch (error) {
      this.tell("failed", error.messages.zh);
    }
  },

  async onPhone(event) {
    try {
      const { phone } = await getApp().client.bindPhone(event.detail);
      this.setData({ phone });
      this.tell("done", "手机号已绑定。");
    } catch (error) {
      if (error.code === "user_refused") this.tell("refused", "你没有授权手机号，之后随时可以再绑定。");
      else this.tell("failed", error.messages.zh);
    }
  },

  tell(kind, text) {
    this.setData({ notice: { kind, text } });
  },
});
