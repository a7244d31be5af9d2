// A server on TCP that answers whatever the test wants, HTTP or not.
import { once } from "node:events";
import net from "node:net";

// Reads requests, which have a Content-Length or no body.
function* requestsIn(buffer) {
  for (;;) {
    const end = buffer.text.indexOf("\r\n\r\n");
    if (end < 0) return;
    const [first, ...lines] = buffer.text.slice(0, end).split("\r\n");
    const [method, target] = first.split(" ");
    const headers = Object.fromEntries(lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }));
    const length = Number(headers["content-length"] ?? 0);
    if (buffer.text.length < end + 4 + length) return;
    const body = buffer.text.slice(end + 4, end + 4 + length);
    buffer.text = buffer.text.slice(end + 4 + length);
    yield { method, target, headers, body };
  }
}

export class MadeUpServer {
  requests = [];
  #sockets = new Set();
  #server;

  // `answer(request, socket)` writes what comes back, or nothing.
  static async start(answer) {
    const made = new MadeUpServer();
    made.answer = answer;
    made.#server = net.createServer((socket) => made.#serve(socket));
    made.#server.listen(0, "127.0.0.1");
    await once(made.#server, "listening");
    made.address = `http://127.0.0.1:${made.#server.address().port}`;
    return made;
  }

  #serve(socket) {
    const buffer = { text: "" };
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => {});
    socket.setEncoding("latin1");
    socket.on("data", (text) => {
      buffer.text += text;
      for (const request of requestsIn(buffer)) {
        this.requests.push(request);
        this.answer(request, socket);
      }
    });
  }

  async end() {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}

export function reply(status, body, fields = {}) {
  const all = { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body), ...fields };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} Made Up\r\n${lines.join("")}\r\n${body}`;
}

export const replyJson = (status, value, fields) => reply(status, JSON.stringify(value), fields);

let serial = 0;

// What /login and /token/refresh answer.
export function tokens(more = {}) {
  serial += 1;
  return {
    id: "01a20463-da76-748c-8f9d-4276d79857da", token: `token${serial}`, token_type: "Bearer", expires_in: 7200,
    refresh_token: `refresh${serial}`, refresh_expires_in: 2592000, is_new: false, openid: "oMADEUP", ...more,
  };
}
