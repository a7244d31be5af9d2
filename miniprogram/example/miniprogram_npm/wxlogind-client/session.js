"use strict";

const { WxloginError } = require("./errors");
const { repeatWhereItHelps } = require("./repeat");
const { singleFlight } = require("./single_flight");

/** @typedef {import("./token_pair").TokenPair} TokenPair */
/** @typedef {import("./index").SessionReason} SessionReason */

/** Between renewals that fail while the token is still good. */
const betweenRenewalsMs = 30 * 1000;

/**
 * The one session of this mini program: who is logged in, and how a token is had that the server takes.
 * @param {object} given
 * @param {ReturnType<typeof import("./login_server").loginServer>} given.server
 * @param {ReturnType<typeof import("./login_codes").loginCodes>} given.codes
 * @param {ReturnType<typeof import("./session_store").sessionStore>} given.store
 * @param {typeof import("./surroundings")} given.surroundings
 * @param {(event: import("./index").SessionEvent) => void} given.tell
 */
function sessionOf(given) {
  const { server, codes, store, surroundings, tell } = given;
  let { pair, signedOut } = store.read();
  let renewAt = pair ? pair.renewAt : 0;

  /**
   * @param {TokenPair} fresh
   * @param {SessionReason} reason
   */
  function adopt(fresh, reason) {
    pair = fresh;
    renewAt = fresh.renewAt;
    store.keep(fresh);
    tell({ reason, id: fresh.id });
  }

  /** @param {SessionReason} reason */
  function drop(reason) {
    const id = pair ? pair.id : "";
    pair = null;
    if (signedOut) store.keepSignedOut();
    else store.clear();
    tell({ reason, id });
  }

  const logIn = singleFlight(async () => {
    const { pair: fresh, isNew } = await repeatWhereItHelps(async () => server.logIn(await codes.fresh()), {
      surroundings,
      waits: true,
      // The next attempt brings a fresh code, and that is all it needs.
      recover: () => Promise.resolve(true),
    });
    if (signedOut) {
      // The user logged out while this was on its way.
      server.logOut(fresh.token, false).catch(() => {});
      throw new WxloginError("not_logged_in");
    }
    adopt(fresh, "logged_in");
    return { id: fresh.id, isNew };
  });

  /** A new pair in place of this one; by a login where the server no longer takes it. */
  const renew = singleFlight(async () => {
    const old = pair;
    if (old === null || old.refreshExpiresAt <= surroundings.now()) {
      await logIn();
      return;
    }
    try {
      const fresh = await repeatWhereItHelps(() => server.refresh(old.refreshToken), {
        surroundings,
        waits: true,
        recover: () => Promise.resolve(false),
      });
      // What came to be meanwhile, by a login or a logout, stays.
      if (pair === old) adopt(fresh.pair, "refreshed");
    } catch (thrown) {
      if (pair !== old) return;
      if (/** @type {WxloginError} */ (thrown).retry !== "login") throw thrown;
      drop("expired");
      await logIn();
    }
  });

  async function renewIfDue() {
    if (pair === null || surroundings.now() < renewAt) return;
    try {
      await renew();
    } catch (error) {
      // A token that is still good is better than an error.
      if (pair === null || pair.expiresAt <= surroundings.now()) throw error;
      renewAt = surroundings.now() + betweenRenewalsMs;
    }
  }

  /** @param {TokenPair} old */
  async function endOnServer(old) {
    try {
      await server.logOut(old.token, false);
    } catch (thrown) {
      if (/** @type {WxloginError} */ (thrown).retry !== "login") throw thrown;
      // The token is over; the session behind it may be alive.
      const fresh = await server.refresh(old.refreshToken);
      await server.logOut(fresh.pair.token, false);
    }
  }

  return {
    /** @returns {TokenPair | null} */
    current: () => pair,

    /**
     * @param {boolean} afresh a new login also where there is one already
     * @returns {Promise<{id: string, isNew: boolean}>}
     */
    async logIn(afresh) {
      signedOut = false;
      if (!afresh && pair !== null) return { id: pair.id, isNew: false };
      return logIn();
    },

    /**
     * A pair that the server should take: logs in or renews where that is due.
     * @returns {Promise<TokenPair>}
     */
    async usable() {
      if (signedOut) throw new WxloginError("not_logged_in");
      if (pair === null) await logIn();
      else await renewIfDue();
      if (pair === null) throw new WxloginError("not_logged_in");
      return pair;
    },

    /**
     * After the server has refused `token`.
     * @param {string} token
     */
    async replace(token) {
      if (signedOut) throw new WxloginError("not_logged_in");
      if (pair === null) await logIn();
      else if (pair.token === token) await renew();
    },

    /**
     * Forgets the session at once, and tells the server if it can be reached.
     * @returns {Promise<boolean>} whether the server knows
     */
    async logOut() {
      const old = pair;
      signedOut = true;
      drop("logged_out");
      if (old === null) return true;
      try {
        await endOnServer(old);
        return true;
      } catch (_) {
        return false;
      }
    },

    /** The server has ended all sessions of the user. */
    forget() {
      signedOut = true;
      drop("logged_out");
    },
  };
}

module.exports = { sessionOf };
