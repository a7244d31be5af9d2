"use strict";

/** Time and chance, in one place: tests bring their own. */
module.exports = {
  /** Milliseconds since 1970 by the phone's clock, which may be wrong. */
  now: () => Date.now(),

  /** @param {number} ms */
  pause: (ms) => /** @type {Promise<void>} */ (new Promise((resolve) => setTimeout(resolve, ms))),

  /** In [0, 1). */
  random: () => Math.random(),
};
