// wx.request: what goes over the wire, and what comes back to the page.
import { fail, succeed } from "./callbacks.mjs";
import { exchange } from "./http_exchange.mjs";
import { formText, withQuery } from "./query_text.mjs";

const methods = ["OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "CONNECT"];
const defaultTimeout = 60_000;

// The app's header fields, and those that the platform sets whatever the app says.
export function headersOf(phone, given, contentType) {
  const headers = { "content-type": contentType };
  for (const [name, value] of Object.entries(given)) headers[name.toLowerCase()] = String(value);
  headers.referer = `https://servicewechat.com/${phone.appid}/${phone.pageVersion}/page-frame.html`;
  headers["user-agent"] = "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 MicroMessenger/8.0.50 NetType/WIFI Language/zh_CN";
  return headers;
}

function bodyOf(data, contentType) {
  if (data === undefined) return undefined;
  if (data instanceof ArrayBuffer) return Buffer.from(data);
  if (typeof data === "string") return data;
  return contentType.startsWith("application/x-www-form-urlencoded") ? formText(data) : JSON.stringify(data);
}

const withoutMark = (text) => (text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);

function dataOf(options, body) {
  if (options.responseType === "arraybuffer") return new Uint8Array(body).buffer;
  const text = withoutMark(body.toString("utf8"));
  if ((options.dataType ?? "json") !== "json") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

// Runs an exchange in its channel, with the time-out of the call; the channel is left before anybody hears of it.
export function run(phone, channel, api, options, message, onAnswer) {
  let breakOff = () => {};
  let ended = false;
  channel.enter((leave) => {
    if (ended) return leave();
    const finish = (failure, answer) => {
      if (ended) return;
      ended = true;
      clearTimeout(timer);
      leave();
      if (failure) fail(options, api, failure, failure === "timeout" ? { errno: 5 } : {});
      else onAnswer(answer);
    };
    const timer = setTimeout(() => breakOff("timeout"), options.timeout ?? defaultTimeout);
    phone.sent.push(message);
    breakOff = exchange(message, (url) => phone.reach(url), finish);
  });
  return {
    abort: () => {
      if (ended) return;
      breakOff("abort");
      if (!ended) {
        ended = true;
        fail(options, api, "abort");
      }
    },
  };
}

export function request(phone, channel, options) {
  const method = options.method ?? "GET";
  if (!methods.includes(method)) return void fail(options, "request", `invalid method "${method}"`);
  if (!/^https?:\/\//.test(options.url)) return void fail(options, "request", `invalid url "${options.url}"`);
  const headers = headersOf(phone, options.header ?? {}, "application/json");
  const url = method === "GET" ? withQuery(options.url, options.data) : options.url;
  const body = method === "GET" ? undefined : bodyOf(options.data, headers["content-type"]);
  return run(phone, channel, "request", options, { url, method, headers, body }, (answer) => {
    const { statusCode, header } = answer;
    const cookies = Object.keys(header).filter((name) => name.toLowerCase() === "set-cookie").map((name) => header[name]);
    succeed(options, "request", { data: dataOf(options, answer.body), statusCode, header, cookies });
  });
}
