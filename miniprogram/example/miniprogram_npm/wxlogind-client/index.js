"use strict";

const { authorisedCalls, originOf } = require("./authorised_calls");
const { WxloginError, asWxloginError, wrongCall } = require("./errors");
const { listeners } = require("./events");
const { httpCalls } = require("./http_call");
const { loginCodes } = require("./login_codes");
const { loginServer } = require("./login_server");
const { profileOf } = require("./profile");
const { sessionOf } = require("./session");
const { edition, sessionStore } = require("./session_store");
const realSurroundings = require("./surroundings");

/** Longer than the server itself waits for WeChat. */
const defaultTimeoutMs = 10000;

/**
 * Lets what is thrown out of `call` be a WxloginError, whatever it was.
 * @template {any[]} Arguments
 * @template T
 * @param {(...given: Arguments) => Promise<T>} call
 * @returns {(...given: Arguments) => Promise<T>}
 */
function guarded(call) {
  return async (...given) => {
    try {
      return await call(...given);
    } catch (thrown) {
      throw asWxloginError(thrown);
    }
  };
}

/**
 * One for the whole mini program, made in app.js: logins and renewals are shared by all who use the same one.
 * @param {import("./index").ClientOptions} options
 * @param {typeof realSurroundings} [surroundings]
 * @returns {import("./index").Client}
 */
function createClient(options, surroundings = realSurroundings) {
  if (!options || typeof options.baseUrl !== "string" || !originOf(options.baseUrl)) {
    throw wrongCall("baseUrl has to be the login server's address, https://…");
  }
  const baseUrl = options.baseUrl.replace(/\/+$/, "");
  const timeoutMs = options.timeoutMs || defaultTimeoutMs;
  const of = edition();
  /** @type {ReturnType<typeof listeners<import("./index").SessionEvent>>} */
  const sessionListeners = listeners();

  const http = httpCalls(surroundings);
  const session = sessionOf({
    server: loginServer({ baseUrl, appId: options.appId || of.appId, timeoutMs, http, surroundings }),
    codes: loginCodes(options.codeSource, timeoutMs),
    store: sessionStore(of, baseUrl),
    surroundings,
    tell: sessionListeners.tell,
  });
  const calls = authorisedCalls({ baseUrl, origins: options.origins || [], timeoutMs, session, http, surroundings });
  const profile = profileOf(calls, session);

  return {
    login: guarded((how) => session.logIn(Boolean(how && how.fresh))),

    logout: guarded(async (how) => {
      if (!how || !how.all) return { toldServer: await session.logOut() };
      await calls.request({ url: "/logout", method: "POST", data: { all: true }, repeatable: true });
      session.forget();
      return { toldServer: true };
    }),

    request: /** @type {any} */ (guarded(calls.request)),
    getProfile: guarded(profile.getProfile),
    updateProfile: guarded(profile.updateProfile),
    uploadAvatar: guarded(profile.uploadAvatar),
    bindPhone: guarded(profile.bindPhone),
    getToken: guarded(async () => (await session.usable()).token),

    get userId() {
      const pair = session.current();
      return pair === null ? null : pair.id;
    },

    on(event, listener) {
      if (event !== "session" || typeof listener !== "function") throw wrongCall("only `session` can be listened to");
      return sessionListeners.add(listener);
    },
  };
}

module.exports = { createClient, WxloginError };
