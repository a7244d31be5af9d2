// wx calls back later, never from within the call.

export function callBack(options, name, result) {
  setImmediate(() => {
    options[name]?.(result);
    options.complete?.(result);
  });
}

export const succeed = (options, api, result = {}) => callBack(options, "success", { ...result, errMsg: `${api}:ok` });

export const fail = (options, api, why, more = {}) =>
  callBack(options, "fail", { ...more, errMsg: `${api}:fail ${why}` });

// Without callbacks these functions of wx give a promise.
export function promising(call) {
  return (options = {}) => {
    if (options.success || options.fail || options.complete) return void call(options);
    return new Promise((success, failure) => call({ ...options, success, fail: failure }));
  };
}
