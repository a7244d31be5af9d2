// One HTTP exchange over TCP as a phone makes it: redirects are followed, the answer is read whole.
import http from "node:http";

const followed = [301, 302, 303, 307, 308];
const mostRedirects = 5;

// `done(failure, answer)` is called once; the function that comes back breaks off.
export function exchange({ url, method, headers, body }, reach, done) {
  let current;
  let over = false;
  const finish = (failure, answer) => {
    if (over) return;
    over = true;
    current?.destroy();
    done(failure, answer);
  };

  const go = (target, verb, payload, left) => {
    const reached = reach(target);
    if (reached.failure) return finish(reached.failure);
    const { hostname, port, pathname, search } = new URL(reached.address);
    const fields = { ...headers };
    if (payload !== undefined) fields["content-length"] = Buffer.byteLength(payload);
    const request = http.request({ hostname, port, path: pathname + search, method: verb, headers: fields, agent: false });
    current = request;
    request.on("error", (error) => finish(`errcode:-101 net::${error.code ?? error.message}`));
    request.on("response", (response) => {
      const chunks = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("error", (error) => finish(`errcode:-101 net::${error.code ?? error.message}`));
      response.on("end", () => {
        if (!response.complete) return finish("errcode:-354 net::ERR_CONTENT_LENGTH_MISMATCH");
        const { statusCode } = response;
        const location = response.headers.location;
        if (followed.includes(statusCode) && location !== undefined) {
          if (left === 0) return finish("errcode:-310 net::ERR_TOO_MANY_REDIRECTS");
          const keeps = statusCode === 307 || statusCode === 308 || verb === "GET";
          return go(new URL(location, target).href, keeps ? verb : "GET", keeps ? payload : undefined, left - 1);
        }
        finish(undefined, { statusCode, header: fieldsOf(response.rawHeaders), body: Buffer.concat(chunks) });
      });
    });
    request.end(payload);
  };

  go(url, method, body, mostRedirects);
  return finish;
}

// Names as the server spelt them.
function fieldsOf(raw) {
  const header = {};
  for (let i = 0; i < raw.length; i += 2) header[raw[i]] = raw[i] in header ? `${header[raw[i]]},${raw[i + 1]}` : raw[i + 1];
  return header;
}
