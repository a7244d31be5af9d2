"use strict";

const { describe } = require("./messages");

/**
 * Everything that goes wrong here is one of these. `code` says what it was, `retry` what helps, `messages`
 * what to tell the user. None of them ever holds a token or a login code.
 */
class WxloginError extends Error {
  /**
   * @param {string} code
   * @param {import("./index").WxloginErrorFacts} [facts]
   */
  constructor(code, facts) {
    const known = facts || {};
    const described = describe(code, known.retry);
    super(`${code}: ${known.detail || described.en}`);
    // A build for ES5 makes `extends Error` lose the class.
    Object.setPrototypeOf(this, WxloginError.prototype);
    this.name = "WxloginError";
    this.code = code;
    this.retry = described.retry;
    this.messages = { zh: described.zh, en: described.en };
    this.status = known.status;
    this.detail = known.detail;
    this.errcode = known.errcode;
    this.requestId = known.requestId;
    this.retryAfterMs = known.retryAfterMs;
    this.data = known.data;
  }
}

/**
 * @param {string} detail
 * @returns {WxloginError}
 */
function wrongCall(detail) {
  return new WxloginError("invalid_argument", { detail });
}

/**
 * Whatever was thrown, as one of ours.
 * @param {unknown} thrown
 * @returns {WxloginError}
 */
function asWxloginError(thrown) {
  if (thrown instanceof WxloginError) return thrown;
  const { message, errMsg } = /** @type {any} */ (thrown || {});
  return new WxloginError("request_failed", { detail: String(message || errMsg || thrown) });
}

module.exports = { WxloginError, wrongCall, asWxloginError };
