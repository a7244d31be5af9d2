"use strict";

/**
 * Makes a function of which at most one run is under way: whoever calls meanwhile gets that run's outcome.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {() => Promise<T>}
 */
function singleFlight(work) {
  /** @type {Promise<T> | null} */
  let flight = null;
  return () => {
    if (flight !== null) return flight;
    const land = () => {
      flight = null;
    };
    flight = Promise.resolve().then(work);
    flight.then(land, land);
    return flight;
  };
}

module.exports = { singleFlight };
