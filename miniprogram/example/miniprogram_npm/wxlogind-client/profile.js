"use strict";

const { objectOf } = require("./answer");
const { WxloginError, wrongCall } = require("./errors");

/** No quota is left for phone numbers: the mini program's owner has to buy some. */
const phoneQuotaErrno = 1400001;

/**
 * What to send for a phone number, from the event of <button open-type="getPhoneNumber">.
 * @param {import("./index").PhonePermission} given
 */
function phonePermission(given) {
  if (given && given.code) return { code: given.code };
  if (given && given.encryptedData && given.iv) return { encryptedData: given.encryptedData, iv: given.iv };
  if (given && given.errno === phoneQuotaErrno) throw new WxloginError("phone_quota_exhausted");
  if (given && given.errMsg) throw new WxloginError("user_refused");
  throw wrongCall("neither code nor encryptedData and iv");
}

/**
 * The user's own data.
 * @param {ReturnType<typeof import("./authorised_calls").authorisedCalls>} calls
 * @param {ReturnType<typeof import("./session").sessionOf>} session
 */
function profileOf(calls, session) {
  return {
    /** @returns {Promise<any>} */
    async getProfile() {
      return objectOf(await calls.request({ url: "/me" }));
    },

    /**
     * @param {import("./index").ProfileChange} change
     * @returns {Promise<any>}
     */
    async updateProfile(change) {
      // wx.request has no PATCH; the server takes POST for it.
      return objectOf(await calls.request({ url: "/me", method: "POST", data: change, repeatable: true }));
    },

    /**
     * @param {string} filePath
     * @returns {Promise<any>}
     */
    async uploadAvatar(filePath) {
      if (typeof filePath !== "string" || filePath === "") throw wrongCall("filePath is missing");
      return objectOf(await calls.upload({ url: "/me/avatar", filePath, name: "avatar" }));
    },

    /**
     * @param {import("./index").PhonePermission} given
     * @returns {Promise<any>}
     */
    async bindPhone(given) {
      const data = phonePermission(given);
      // A login now would put another session_key in place of the one that this was encrypted with.
      if (!data.code && session.current() === null) throw new WxloginError("not_logged_in");
      return objectOf(await calls.request({ url: "/me/phone", method: "POST", data }));
    },
  };
}

module.exports = { profileOf };
