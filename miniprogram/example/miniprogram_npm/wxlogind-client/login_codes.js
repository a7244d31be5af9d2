"use strict";

const { WxloginError } = require("./errors");
const { callWx } = require("./wx_call");

/** @param {number} timeoutMs */
async function codeOfWxLogin(timeoutMs) {
  const result = await callWx((options) => wx.login(options), {}, { timeoutMs, failure: "wx_login_failed" });
  return /** @type {{code?: string}} */ (result).code;
}

/**
 * Where login codes come from. A code is good once: each call asks for a fresh one, and one that came before
 * is not given out again.
 * @param {(() => Promise<string>) | undefined} source in place of wx.login, for tests without WeChat
 * @param {number} timeoutMs
 */
function loginCodes(source, timeoutMs) {
  const ask = () => (source ? source() : codeOfWxLogin(timeoutMs));
  let last = "";

  /** @returns {Promise<string>} */
  async function fresh() {
    let code = await ask();
    if (code === last) code = await ask();
    if (typeof code !== "string" || code === "" || code === last) throw new WxloginError("wx_login_failed");
    last = code;
    return code;
  }

  return { fresh };
}

module.exports = { loginCodes };
