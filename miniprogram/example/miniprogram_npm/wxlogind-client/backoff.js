"use strict";

/** All attempts together, the first one included. */
const mostAttempts = 3;
const firstWaitMs = 600;
/** Nobody looks at a spinner for longer: what has to wait longer is told at once, with the time to wait. */
const longestWaitMs = 10000;

/**
 * How long to wait before trying again, with chance in it so that a crowd does not come back all at once.
 * @param {number} attempt how many have failed, from 1
 * @param {number | undefined} retryAfterMs the least that the server asks for
 * @param {number} random in [0, 1)
 * @returns {number | null} milliseconds; null: give up
 */
function waitBefore(attempt, retryAfterMs, random) {
  if (attempt >= mostAttempts) return null;
  const own = firstWaitMs * Math.pow(2, attempt - 1);
  if (retryAfterMs === undefined) return Math.min(own * (0.5 + random), longestWaitMs);
  if (retryAfterMs > longestWaitMs) return null;
  return retryAfterMs + random * own;
}

/**
 * The header field Retry-After: seconds, or a date.
 * @param {string | undefined} text
 * @param {number} now
 * @returns {number | undefined} milliseconds
 */
function parseRetryAfter(text, now) {
  if (text === undefined) return undefined;
  if (/^\s*\d{1,9}\s*$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return isNaN(date) ? undefined : Math.max(0, date - now);
}

module.exports = { waitBefore, parseRetryAfter };
