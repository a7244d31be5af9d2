// Login codes of wechat-sim in place of those of wx.login, which only the real WeChat takes.
function simulatedCodes({ simulator, simulatedUser }) {
  const { appId } = wx.getAccountInfoSync().miniProgram;
  return () =>
    new Promise((resolve, reject) => {
      wx.request({
        url: `${simulator}/codes`,
        data: { appid: appId, user: simulatedUser },
        dataType: "text",
        success: ({ data }) => resolve(data),
        fail: reject,
      });
    });
}

module.exports = { simulatedCodes };
