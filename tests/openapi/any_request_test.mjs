// The problems that any request may meet, whichever call it is for: each is a problem document.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { after, before, suite, test } from "node:test";
import { Description } from "./support/description.mjs";
import { Server } from "./support/server.mjs";

const described = new Description();
const anyResponse = "/components/responses/Other/content/application~1problem+json/schema";

const requests = [
  ["a path that is not there", "GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n", 404, "not_found"],
  ["a method that the path does not take", "PUT /login HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 405, "method_not_allowed"],
  ["half a request", "GET /login HTTP/1.1\r\nHo", 408, "request_timeout"],
  ["a body without its length", "POST /login HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 411, "length_required"],
  ["a long body", "POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 999999\r\n\r\n", 413, "content_too_large"],
  ["a long target", `GET /${"x".repeat(4096)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414, "uri_too_long"],
  ["another expectation", "POST /login HTTP/1.1\r\nHost: a\r\nExpect: cake\r\nContent-Length: 1\r\n\r\n", 417, "expectation_failed"],
  ["a long header", `GET /login HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(9000)}\r\n\r\n`, 431, "header_fields_too_large"],
  ["a method that nobody knows", "BREW /login HTTP/1.1\r\nHost: a\r\n\r\n", 501, "not_implemented"],
  ["another version", "GET /login HTTP/3.0\r\nHost: a\r\n\r\n", 505, "http_version_not_supported"],
  ["no host", "GET /login HTTP/1.1\r\n\r\n", 400, "invalid_request"],
];

let server;

async function exchange(address, request) {
  const { hostname, port } = new URL(address);
  const socket = connect({ host: hostname, port });
  socket.write(request.replace("\r\nHost: a", "\r\nHost: a\r\nConnection: close"));
  return text(socket);
}

suite("any request", () => {
  before(async () => {
    server = await Server.start({ server: "header_timeout_ms = 1000" });
  });
  after(() => server?.end());

  for (const [what, request, status, code] of requests) {
    test(`${what}: ${status} ${code}`, async () => {
      const answer = await exchange(server.at.public, request);
      assert.ok(answer.startsWith(`HTTP/1.1 ${status} `), answer);
      assert.match(answer, /\r\nContent-Type: application\/problem\+json\r\n/);
      assert.match(answer, /\r\nX-Request-Id: /);
      const problem = JSON.parse(answer.slice(answer.indexOf("\r\n\r\n") + 4));
      assert.deepEqual(described.faults(anyResponse, problem, "closed"), []);
      assert.equal(problem.code, code);
      assert.equal(problem.status, status);
    });
  }
});
