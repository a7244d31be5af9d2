// What a team changes.
module.exports = {
  // The login server. Its domain is to be registered in the mini program's console.
  loginServer: "https://login.example.com",

  // For tests without WeChat: the control address of wechat-sim ("http://127.0.0.1:45601"), and who logs in.
  // Switch "不校验合法域名" on in the developer tools then.
  simulator: "",
  simulatedUser: "alice",
};
