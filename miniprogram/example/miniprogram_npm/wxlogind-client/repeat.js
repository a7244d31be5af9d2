"use strict";

const { waitBefore } = require("./backoff");
const { asWxloginError } = require("./errors");

/** What the user already waited for, or has to mend: not tried again without being asked. */
const leftToTheUser = ["timeout", "offline", "interrupted"];

/**
 * Does `work`, and again where its error says that this helps: once after `recover` where it says "login",
 * a few times after a wait where it says "later".
 * @template T
 * @param {() => Promise<T>} work
 * @param {object} rules
 * @param {typeof import("./surroundings")} rules.surroundings
 * @param {(error: import("./errors").WxloginError) => Promise<boolean>} rules.recover false: there is no use
 * @param {boolean} rules.waits whether it may be done again after a wait
 * @returns {Promise<T>}
 */
async function repeatWhereItHelps(work, rules) {
  let recovered = false;
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (thrown) {
      const error = asWxloginError(thrown);
      if (error.retry === "login" && !recovered) {
        recovered = true;
        if (await rules.recover(error)) continue;
      } else if (error.retry === "later" && rules.waits && leftToTheUser.indexOf(error.code) < 0) {
        const wait = waitBefore(attempt, error.retryAfterMs, rules.surroundings.random());
        if (wait !== null) {
          await rules.surroundings.pause(wait);
          continue;
        }
      }
      throw error;
    }
  }
}

module.exports = { repeatWhereItHelps };
