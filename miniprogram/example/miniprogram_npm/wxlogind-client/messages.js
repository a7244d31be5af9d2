"use strict";

/**
 * The one table of what can go wrong: the code, what helps ("login": call wx.login again, "later": wait,
 * "no": repeating does not help), and what a user is told.
 *
 * The first part are the codes of wxlogind's problem documents, the second those of this client.
 */
const problems = {
  invalid_request: ["no", "提交的内容有误", "Something in the request is not right"],
  code_rejected: ["login", "登录凭证已失效，请重试", "The login code is no longer valid, please try again"],
  invalid_token: ["login", "登录已过期，请重新登录", "Your login has expired, please log in again"],
  service_key_required: ["no", "这个接口只供服务端调用", "This call is for servers only"],
  user_blocked: ["no", "该账号暂时无法登录", "This account cannot log in"],
  insufficient_scope: ["no", "没有这项权限", "This is not permitted"],
  not_found: ["no", "请求的内容不存在", "There is nothing at this address"],
  method_not_allowed: ["no", "不支持这项操作", "This operation is not supported"],
  request_timeout: ["no", "网络太慢，请重试", "The network is too slow, please try again"],
  session_key_stale: ["login", "授权信息已过期，请再点一次", "The authorisation is out of date, please tap once more"],
  length_required: ["no", "请求格式有误", "The request is malformed"],
  content_too_large: ["no", "内容太大", "This is too large"],
  uri_too_long: ["no", "内容太长", "This is too long"],
  unsupported_media_type: ["no", "不支持这种格式", "This format is not supported"],
  expectation_failed: ["no", "请求格式有误", "The request is malformed"],
  rate_limited: ["later", "操作太频繁，请稍后再试", "Too many attempts, please try again later"],
  header_fields_too_large: ["no", "请求格式有误", "The request is malformed"],
  internal: ["later", "服务出了点问题，请稍后再试", "The service has a problem, please try again later"],
  not_implemented: ["no", "不支持这项操作", "This operation is not supported"],
  wechat_misconfigured: ["no", "服务配置有误，暂时无法登录", "The service is not set up correctly, login is not possible"],
  wechat_bad_answer: ["later", "微信服务异常，请稍后再试", "WeChat has a problem, please try again later"],
  wechat_unavailable: ["later", "微信服务繁忙，请稍后再试", "WeChat is busy, please try again later"],
  overloaded: ["later", "当前人数较多，请稍后再试", "The service is busy, please try again later"],
  storage_unavailable: ["later", "服务暂时不可用，请稍后再试", "The service is not available, please try again later"],
  wechat_timeout: ["login", "微信响应超时，请重试", "WeChat did not answer in time, please try again"],
  http_version_not_supported: ["no", "请求格式有误", "The request is malformed"],

  offline: ["later", "没有网络连接，请检查网络设置", "There is no network connection"],
  network_failed: ["later", "网络连接失败，请稍后再试", "The connection failed, please try again later"],
  timeout: ["later", "等待超时，请重试", "This took too long, please try again"],
  interrupted: ["later", "操作被中断，请重试", "This was interrupted, please try again"],
  domain_not_allowed: ["no", "服务器域名未登记", "The server's domain is not registered for this mini program"],
  file_not_found: ["no", "图片已失效，请重新选择", "The picture is gone, please choose it again"],
  server_unavailable: ["later", "服务暂时不可用，请稍后再试", "The service is not available, please try again later"],
  unreadable_answer: ["no", "服务器的回答无法识别", "The server's answer was not understood"],
  request_failed: ["no", "请求失败", "The request failed"],
  wx_login_failed: ["later", "微信登录失败，请重试", "WeChat login failed, please try again"],
  not_logged_in: ["login", "请先登录", "Please log in first"],
  user_refused: ["no", "你没有同意授权", "You did not give permission"],
  phone_quota_exhausted: ["no", "暂时无法获取手机号", "The phone number is not available at the moment"],
  invalid_argument: ["no", "程序调用有误", "The program made a wrong call"],
};

/** For codes of a server that is newer than this client. */
const unknown = {
  login: ["请重新登录后再试", "Please log in again"],
  later: ["请稍后再试", "Please try again later"],
  no: ["操作未能完成", "This could not be done"],
};

/**
 * @param {string} code
 * @param {unknown} retry what the server says helps; the table's where it says nothing we know
 * @returns {{retry: "login" | "later" | "no", zh: string, en: string}}
 */
function describe(code, retry) {
  const known = Object.prototype.hasOwnProperty.call(problems, code);
  const row = known ? problems[/** @type {keyof typeof problems} */ (code)] : ["no"];
  const helps = /** @type {"login" | "later" | "no"} */ (
    retry === "login" || retry === "later" || retry === "no" ? retry : row[0]
  );
  const [zh, en] = known ? row.slice(1) : unknown[helps];
  return { retry: helps, zh, en };
}

module.exports = { describe, codes: Object.keys(problems) };
