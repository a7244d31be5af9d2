"use strict";

const { readAnswer } = require("./answer");
const { callWx } = require("./wx_call");

/** @typedef {import("./answer").Answer} Answer */

/**
 * HTTP by wx.request and wx.uploadFile. Resolves to the answer of a success, with its body parsed; everything
 * else is a WxloginError. `success` of wx.request means no more than that something came back.
 * @param {typeof import("./surroundings")} surroundings
 */
function httpCalls(surroundings) {
  /**
   * @param {{url: string, method: string, header?: object, data?: unknown, timeoutMs: number}} call
   * @returns {Promise<Answer>}
   */
  async function request(call) {
    // With dataType "json" wx.request hides whether the body was JSON; so it is left as text.
    const options = { url: call.url, method: call.method, dataType: "text", header: call.header || {} };
    if (call.data !== undefined) Object.assign(options, { data: call.data });
    const answer = await callWx((all) => wx.request(all), options, { timeoutMs: call.timeoutMs });
    return readAnswer(/** @type {Answer} */ (answer), surroundings.now());
  }

  /**
   * @param {{url: string, filePath: string, name: string, header?: object, timeoutMs: number}} call
   * @returns {Promise<Answer>}
   */
  async function upload(call) {
    const options = { url: call.url, filePath: call.filePath, name: call.name, header: call.header || {} };
    const answer = await callWx((all) => wx.uploadFile(all), options, { timeoutMs: call.timeoutMs });
    return readAnswer(/** @type {Answer} */ (answer), surroundings.now());
  }

  return { request, upload };
}

module.exports = { httpCalls };
