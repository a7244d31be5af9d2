"use strict";

const { parseRetryAfter } = require("./backoff");
const { WxloginError } = require("./errors");

/** @typedef {{statusCode: number, header: Record<string, string>, data: unknown}} Answer */

/**
 * The value of a header field; phones spell the names differently.
 * @param {Record<string, unknown> | undefined} header
 * @param {string} name in lower case
 * @returns {string | undefined}
 */
function field(header, name) {
  for (const key of Object.keys(header || {})) {
    if (key.toLowerCase() === name) return String(/** @type {any} */ (header)[key]);
  }
  return undefined;
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * @param {unknown} body as the phone gave it: text, or an object where it has parsed it already
 * @returns {{understood: boolean, value: unknown}}
 */
function parse(body) {
  if (typeof body !== "string") return { understood: body !== undefined && body !== null, value: body };
  try {
    return { understood: true, value: JSON.parse(body) };
  } catch (_) {
    return { understood: false, value: undefined };
  }
}

/** @param {number} status */
function codeOfStatus(status) {
  if (status === 401) return "invalid_token";
  if (status === 413) return "content_too_large";
  if (status === 429) return "rate_limited";
  if (status >= 500) return "server_unavailable";
  // A success or a redirect that is none of ours.
  return status < 400 ? "unreadable_answer" : "request_failed";
}

/**
 * What the server did not do, and why: its problem document (RFC 9457), or what the status tells.
 * @param {Answer} answer
 * @param {unknown} body
 * @param {number} now
 */
function problemOf(answer, body, now) {
  const problem = isObject(body) ? body : {};
  const said = typeof problem.code === "string" && problem.code !== "";
  const code = said ? String(problem.code) : codeOfStatus(answer.statusCode);
  return new WxloginError(code, {
    status: answer.statusCode,
    retry: said ? problem.retry : undefined,
    detail: said && typeof problem.detail === "string" ? problem.detail : undefined,
    errcode: typeof problem.errcode === "number" ? problem.errcode : undefined,
    requestId: field(answer.header, "x-request-id"),
    retryAfterMs: parseRetryAfter(field(answer.header, "retry-after"), now),
    data: body,
  });
}

/**
 * A call's answer as its value, or as an error.
 * @param {Answer} answer
 * @param {number} now
 * @returns {Answer} with `data` parsed; undefined where there is no body
 */
function readAnswer(answer, now) {
  const parsed = parse(answer.data);
  const success = answer.statusCode >= 200 && answer.statusCode < 300;
  if (!success) throw problemOf(answer, parsed.value, now);
  const empty = answer.data === "" || answer.data === undefined || answer.data === null;
  if (empty) return { statusCode: answer.statusCode, header: answer.header, data: undefined };
  if (!parsed.understood) throw unreadable(answer);
  return { statusCode: answer.statusCode, header: answer.header, data: parsed.value };
}

/** @param {Answer} answer */
function unreadable(answer) {
  return new WxloginError("unreadable_answer", {
    status: answer.statusCode,
    requestId: field(answer.header, "x-request-id"),
  });
}

/**
 * An answer that has to be a JSON object.
 * @param {Answer} answer
 * @returns {Record<string, unknown>}
 */
function objectOf(answer) {
  if (!isObject(answer.data)) throw unreadable(answer);
  return answer.data;
}

module.exports = { readAnswer, objectOf, unreadable };
