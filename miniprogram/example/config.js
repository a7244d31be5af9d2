// What a team changes.
module.exports = {
  // The login server. Its domain is to be registered in the mini program's console.
  loginServer: "https://login.example.com",

  // For tests without WeChat: the control address of wechat-sim ("http://127.0.0.1:45601"). Login codes then come
  // from it, for this app of its and this person; the developer tools have to have "不校验合法域名" on.
  simulator: "",
  simulatedAppId: "wx0123456789abcdef",
  simulatedUser: "alice",
};
