"use strict";

const { WxloginError } = require("./errors");

/** What the phones write, on one system or the other, when a call did not come through. */
const reasons = [
  { code: "domain_not_allowed", pattern: /domain list/i },
  { code: "interrupted", pattern: /interrupted/i },
  { code: "file_not_found", pattern: /file (not found|doesn't exist)|no such file/i },
  { code: "timeout", pattern: /timeout|timed?[ _]out/i },
];

/**
 * Whether the phone says that it has no network at all.
 * @returns {Promise<boolean>}
 */
function isOffline() {
  return new Promise((resolve) => {
    wx.getNetworkType({
      success: (result) => resolve(result.networkType === "none"),
      fail: () => resolve(false),
    });
  });
}

/**
 * Why a call of wx.request and the like failed, from what its fail callback was given.
 * @param {{errMsg?: string}} failure
 * @param {string} [fallback] the code where it is not the network
 * @returns {Promise<WxloginError>}
 */
async function networkFailure(failure, fallback) {
  const text = String((failure && failure.errMsg) || "");
  const reason = reasons.find((each) => each.pattern.test(text));
  if (reason) return new WxloginError(reason.code, { detail: text });
  const code = (await isOffline()) ? "offline" : fallback || "network_failed";
  return new WxloginError(code, { detail: text });
}

module.exports = { networkFailure };
