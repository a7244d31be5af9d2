"use strict";

const { WxloginError } = require("./errors");
const { networkFailure } = require("./network_failure");

/** A phone that calls nobody back is given up so much later than it was told to. */
const graceMs = 5000;

/**
 * Calls a function of wx that takes `success`, `fail` and `timeout`; as a promise that always settles.
 * @template T
 * @param {(options: any) => any} call
 * @param {object} options
 * @param {{timeoutMs: number, failure?: string}} rules failure: the error code where it is not the network
 * @returns {Promise<T>}
 */
function callWx(call, options, rules) {
  return new Promise((resolve, reject) => {
    /** @type {any} */
    let task;
    const guard = setTimeout(() => {
      if (task && typeof task.abort === "function") task.abort();
      reject(new WxloginError("timeout"));
    }, rules.timeoutMs + graceMs);
    task = call(
      Object.assign({}, options, {
        timeout: rules.timeoutMs,
        success: (/** @type {T} */ result) => {
          clearTimeout(guard);
          resolve(result);
        },
        fail: (/** @type {{errMsg?: string}} */ failure) => {
          clearTimeout(guard);
          networkFailure(failure, rules.failure).then(reject);
        },
      })
    );
  });
}

module.exports = { callWx };
