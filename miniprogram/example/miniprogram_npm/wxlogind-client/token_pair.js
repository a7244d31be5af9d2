"use strict";

const { objectOf, unreadable } = require("./answer");

/**
 * What is kept of a login: nothing but this. Times are the phone's, in milliseconds since 1970.
 * @typedef {{id: string, token: string, renewAt: number, expiresAt: number,
 *            refreshToken: string, refreshExpiresAt: number}} TokenPair
 */

/** A token is renewed so long before its end; in the last tenth of its life if that is shorter. */
const aheadMs = 5 * 60 * 1000;

/** @param {unknown} value */
const isText = (value) => typeof value === "string" && value !== "";

/** @param {unknown} value */
const isSpan = (value) => typeof value === "number" && isFinite(value) && value > 0;

/**
 * Reads the answer of /login and /token/refresh. Times count from its arrival: the phone's clock may be wrong,
 * what passes on it is not.
 * @param {import("./answer").Answer} answer
 * @param {number} now
 * @returns {{pair: TokenPair, isNew: boolean}}
 */
function readTokenPair(answer, now) {
  const body = /** @type {any} */ (objectOf(answer));
  const texts = [body.id, body.token, body.refresh_token];
  const spans = [body.expires_in, body.refresh_expires_in];
  if (!texts.every(isText) || !spans.every(isSpan)) throw unreadable(answer);
  const lifeMs = body.expires_in * 1000;
  const pair = {
    id: body.id,
    token: body.token,
    renewAt: now + lifeMs - Math.min(aheadMs, lifeMs / 10),
    expiresAt: now + lifeMs,
    refreshToken: body.refresh_token,
    refreshExpiresAt: now + body.refresh_expires_in * 1000,
  };
  return { pair, isNew: body.is_new === true };
}

/**
 * @param {any} value what was found in the storage
 * @returns {TokenPair | null}
 */
function restoreTokenPair(value) {
  const { id, token, renewAt, expiresAt, refreshToken, refreshExpiresAt } = value;
  if (![id, token, refreshToken].every(isText)) return null;
  if (![renewAt, expiresAt, refreshExpiresAt].every(isSpan)) return null;
  return { id, token, renewAt, expiresAt, refreshToken, refreshExpiresAt };
}

module.exports = { readTokenPair, restoreTokenPair };
