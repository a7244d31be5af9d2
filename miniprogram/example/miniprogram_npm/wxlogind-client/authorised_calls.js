"use strict";

const { repeatWhereItHelps } = require("./repeat");
const { bearer } = require("./login_server");
const { wrongCall } = require("./errors");

/** What wx.request takes, and whether done twice is as good as done once (RFC 9110, 9.2.2). */
const idempotent = { GET: true, HEAD: true, OPTIONS: true, PUT: true, DELETE: true, TRACE: true, POST: false };

/** @param {string | undefined} method */
function methodOf(method) {
  const known = method === undefined ? "GET" : method;
  if (!Object.prototype.hasOwnProperty.call(idempotent, known)) throw wrongCall(`wx.request has no ${known}`);
  return /** @type {keyof typeof idempotent} */ (known);
}

/**
 * In a query wx.request would write undefined as a text.
 * @param {unknown} data
 */
function withoutUndefined(data) {
  if (Object.prototype.toString.call(data) !== "[object Object]") return data;
  /** @type {Record<string, unknown>} */
  const rest = {};
  for (const [name, value] of Object.entries(/** @type {object} */ (data))) {
    if (value !== undefined) rest[name] = value;
  }
  return rest;
}

/**
 * The caller's header fields with the token; never with two Authorization fields, however they are spelt.
 * @param {object | undefined} header
 * @param {string} token
 */
function withBearer(header, token) {
  /** @type {Record<string, unknown>} */
  const fields = {};
  for (const [name, value] of Object.entries(header || {})) {
    if (name.toLowerCase() !== "authorization") fields[name] = value;
  }
  return Object.assign(fields, bearer(token));
}

/**
 * The scheme, host and port of an address.
 * @param {string} url
 * @returns {string | undefined}
 */
function originOf(url) {
  const found = /^https?:\/\/[^/?#\\@\s]+(?=[/?#]|$)/i.exec(url);
  return found ? found[0].toLowerCase() : undefined;
}

/**
 * Calls that carry the token.
 * @param {object} given
 * @param {string} given.baseUrl
 * @param {string[]} given.origins what else may see the token
 * @param {number} given.timeoutMs
 * @param {ReturnType<typeof import("./session").sessionOf>} given.session
 * @param {ReturnType<typeof import("./http_call").httpCalls>} given.http
 * @param {typeof import("./surroundings")} given.surroundings
 */
function authorisedCalls(given) {
  const { baseUrl, timeoutMs, session, http, surroundings } = given;
  const trusted = [baseUrl].concat(given.origins).map(originOf);

  /**
   * The token goes to the servers that the mini program named, and to no other.
   * @param {string} url
   */
  function addressOf(url) {
    if (typeof url !== "string" || url === "") throw wrongCall("url is missing");
    const address = url[0] === "/" ? baseUrl + url : url;
    const origin = originOf(address);
    if (origin === undefined || trusted.indexOf(origin) < 0) {
      throw wrongCall("the token does not go to this server; see the option `origins`");
    }
    return address;
  }

  /**
   * @template T
   * @param {(header: object) => Promise<T>} call
   * @param {{header?: object, waits: boolean}} rules
   * @returns {Promise<T>}
   */
  function withToken(call, rules) {
    let used = "";
    return repeatWhereItHelps(
      async () => {
        used = (await session.usable()).token;
        return call(withBearer(rules.header, used));
      },
      {
        surroundings,
        waits: rules.waits,
        async recover(error) {
          if (error.code === "invalid_token") await session.replace(used);
          else if (error.code === "session_key_stale") await session.logIn(true);
          else return false;
          return true;
        },
      }
    );
  }

  return {
    /** @param {import("./index").RequestOptions} options */
    async request(options) {
      const url = addressOf(options.url);
      const method = methodOf(options.method);
      const data = withoutUndefined(options.data);
      const waits = options.repeatable === undefined ? idempotent[method] : options.repeatable;
      const limit = options.timeoutMs || timeoutMs;
      return withToken((header) => http.request({ url, method, data, header, timeoutMs: limit }), {
        header: options.header,
        waits,
      });
    },

    /** @param {{url: string, filePath: string, name: string}} options */
    async upload(options) {
      const { filePath, name } = options;
      const url = addressOf(options.url);
      // The same picture twice is one picture.
      return withToken((header) => http.upload({ url, filePath, name, header, timeoutMs }), { waits: true });
    },
  };
}

module.exports = { authorisedCalls, originOf };
