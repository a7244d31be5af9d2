"use strict";

const { restoreTokenPair } = require("./token_pair");

const version = 1;

/**
 * @typedef {{signedOut: boolean, pair: import("./token_pair").TokenPair | null}} Stored
 */

/** The mini program and the edition of it that runs: develop, trial and release do not share a login. */
function edition() {
  try {
    const { appId, envVersion } = wx.getAccountInfoSync().miniProgram;
    return { appId, envVersion: envVersion || "release" };
  } catch (_) {
    return { appId: "", envVersion: "release" };
  }
}

/**
 * Keeps a login in the phone's storage, under the mini program, its edition and the server. A storage that
 * fails costs the next start a login, and nothing else.
 * @param {{appId: string, envVersion: string}} of
 * @param {string} server
 */
function sessionStore(of, server) {
  const key = `wxlogind:${of.appId}:${of.envVersion}`;

  /** @param {object} value */
  function write(value) {
    try {
      wx.setStorageSync(key, Object.assign({ version, server }, value));
    } catch (_) {
      // Full or out of order: the login lasts as long as the mini program runs.
    }
  }

  return {
    /** @returns {Stored} */
    read() {
      try {
        const value = wx.getStorageSync(key);
        if (value && value.version === version && value.server === server) {
          return { signedOut: value.signedOut === true, pair: restoreTokenPair(value) };
        }
      } catch (_) {
        // As if there were nothing.
      }
      return { signedOut: false, pair: null };
    },

    /** @param {import("./token_pair").TokenPair} pair */
    keep(pair) {
      write(pair);
    },

    /** Remembers that the user has logged out, so that the next start does not log in unasked. */
    keepSignedOut() {
      write({ signedOut: true });
    },

    clear() {
      try {
        wx.removeStorageSync(key);
      } catch (_) {
        // What is left is refused by the server.
      }
    },
  };
}

module.exports = { edition, sessionStore };
