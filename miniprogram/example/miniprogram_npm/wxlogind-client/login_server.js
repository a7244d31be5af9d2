"use strict";

const { readTokenPair } = require("./token_pair");

/** @typedef {import("./token_pair").TokenPair} TokenPair */

/** @param {string} token */
const bearer = (token) => ({ Authorization: `Bearer ${token}` });

/**
 * The calls of wxlogind that make and end sessions. One attempt each.
 * @param {object} given
 * @param {string} given.baseUrl
 * @param {string} given.appId
 * @param {number} given.timeoutMs
 * @param {ReturnType<typeof import("./http_call").httpCalls>} given.http
 * @param {typeof import("./surroundings")} given.surroundings
 */
function loginServer(given) {
  const { baseUrl, appId, timeoutMs, http, surroundings } = given;

  /**
   * @param {string} path
   * @param {object} data
   * @param {object} [header]
   */
  const post = (path, data, header) =>
    http.request({ url: baseUrl + path, method: "POST", data, header, timeoutMs });

  return {
    /** @param {string} code */
    async logIn(code) {
      return readTokenPair(await post("/login", { code, appid: appId }), surroundings.now());
    },

    /** @param {string} refreshToken */
    async refresh(refreshToken) {
      return readTokenPair(await post("/token/refresh", { refresh_token: refreshToken }), surroundings.now());
    },

    /**
     * @param {string} token
     * @param {boolean} everywhere
     */
    async logOut(token, everywhere) {
      await post("/logout", everywhere ? { all: true } : {}, bearer(token));
    },
  };
}

module.exports = { loginServer, bearer };
