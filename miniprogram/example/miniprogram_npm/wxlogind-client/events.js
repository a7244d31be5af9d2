"use strict";

/**
 * Listeners of session events.
 * @template Event
 */
function listeners() {
  /** @type {Array<(event: Event) => void>} */
  let all = [];
  return {
    /**
     * @param {(event: Event) => void} listener
     * @returns {() => void} takes the listener off again
     */
    add(listener) {
      all = all.concat([listener]);
      return () => {
        all = all.filter((each) => each !== listener);
      };
    },

    /** @param {Event} event */
    tell(event) {
      for (const listener of all) {
        try {
          listener(event);
        } catch (thrown) {
          // A page's mistake is not to undo a login.
          console.error(thrown);
        }
      }
    },
  };
}

module.exports = { listeners };
