// How wx.request puts `data` behind the address of a GET.

const encode = encodeURIComponent;

// Objects, arrays and null as JSON; everything else as its text, so that undefined is sent as "undefined".
const textOf = (value) => (typeof value === "object" ? JSON.stringify(value) : String(value));

// Of an address with several "?" the first two parts count, and of a pair with several "=" likewise.
function pairsOf(query) {
  const pairs = {};
  for (const pair of query.split("&").filter((each) => each !== "")) {
    const [name, value] = pair.split("=");
    pairs[name] = value ?? "";
  }
  return pairs;
}

export function withQuery(url, data) {
  if (typeof data !== "object" || data === null || Object.keys(data).length === 0) return url;
  const [address, query = ""] = url.split("?");
  const pairs = pairsOf(query);
  for (const [name, value] of Object.entries(data)) pairs[encode(name)] = encode(textOf(value));
  const text = Object.entries(pairs).map(([name, value]) => `${name}=${value}`);
  return `${address}?${text.join("&")}`;
}

export function formText(data) {
  return Object.entries(data).map(([name, value]) => `${encode(name)}=${encode(String(value))}`).join("&");
}
