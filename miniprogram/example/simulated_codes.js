// Login codes of wechat-sim in place of those of wx.login, which only the real WeChat takes.
function simulatedCodes({ simulator, simulatedAppId, simulatedUser }) {
  return () =>
    new Promise((resolve, reject) => {
      wx.request({
        url: `${simulator}/codes`,
        data: { appid: simulatedAppId, user: simulatedUser },
        dataType: "text",
        success: ({ data }) => resolve(data.trim()),
        fail: reject,
      });
    });
}

module.exports = { simulatedCodes };
