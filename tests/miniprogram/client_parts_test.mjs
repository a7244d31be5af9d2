// The parts of the client that decide without a network.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { clientModule } from "./support/client.mjs";

describe("back-off", () => {
  const { parseRetryAfter, waitBefore } = clientModule("backoff");

  it("grows, has chance in it, and ends", () => {
    assert.equal(waitBefore(1, undefined, 0), 300);
    assert.equal(waitBefore(1, undefined, 0.999) < 900, true);
    assert.equal(waitBefore(2, undefined, 0), 600);
    assert.equal(waitBefore(3, undefined, 0), null);
  });

  it("is never shorter than the server asks, never the same for everybody, and not for long", () => {
    assert.equal(waitBefore(1, 2000, 0), 2000);
    assert.ok(waitBefore(1, 2000, 0.9) > 2000);
    assert.equal(waitBefore(1, 0, 0), 0);
    assert.equal(waitBefore(1, 10_001, 0), null);
    for (const attempt of [1, 2]) {
      for (const asked of [undefined, 0, 10_000]) assert.ok(waitBefore(attempt, asked, 0.999) <= 11_200);
    }
  });

  it("reads seconds and dates", () => {
    const now = Date.parse("Sun, 06 Nov 1994 08:49:37 GMT");
    assert.equal(parseRetryAfter("30", now), 30_000);
    assert.equal(parseRetryAfter(" 0 ", now), 0);
    assert.equal(parseRetryAfter("Sun, 06 Nov 1994 08:49:47 GMT", now), 10_000);
    assert.equal(parseRetryAfter("Sun, 06 Nov 1994 08:49:27 GMT", now), 0);
    for (const text of [undefined, "", "soon", "1e3", "9".repeat(40)]) assert.equal(parseRetryAfter(text, now), undefined, text);
  });
});

describe("single flight", () => {
  const { singleFlight } = clientModule("single_flight");

  it("gives all callers the one outcome, and starts anew after it", async () => {
    let runs = 0;
    const fly = singleFlight(async () => ++runs);
    assert.deepEqual(await Promise.all([fly(), fly(), fly()]), [1, 1, 1]);
    assert.equal(await fly(), 2);
  });

  it("starts anew after a failure too, and a throw is a rejection", async () => {
    let runs = 0;
    const fly = singleFlight(() => {
      runs += 1;
      if (runs === 1) throw new Error("first");
      return Promise.resolve(runs);
    });
    const both = await Promise.allSettled([fly(), fly()]);
    assert.deepEqual(both.map(({ status }) => status), ["rejected", "rejected"]);
    assert.equal(await fly(), 2);
  });
});

describe("errors", () => {
  const { WxloginError, asWxloginError } = clientModule("errors");

  it("have a code, what helps, and two messages", () => {
    const error = new WxloginError("overloaded", { status: 503 });
    assert.ok(error instanceof Error && error instanceof WxloginError);
    assert.equal(error.name, "WxloginError");
    assert.equal(error.message, "overloaded: The service is busy, please try again later");
    assert.equal(error.retry, "later");
    assert.match(error.stack, /client_parts_test/);
  });

  it("take in whatever is thrown", () => {
    for (const thrown of [new TypeError("x is undefined"), "text", undefined, null, 7, {}]) {
      assert.equal(asWxloginError(thrown).code, "request_failed");
    }
  });
});

describe("why a call failed", () => {
  const networkFailure = (errMsg, networkType = "wifi") =>
    clientModule("network_failure", { wx: { getNetworkType: ({ success }) => success({ networkType }) } })
      .networkFailure({ errMsg });

  for (const [errMsg, code, networkType] of [
    ["request:fail timeout", "timeout"],
    ["request:fail errcode:-118 cronet_error_code:-118 error_msg:net::ERR_CONNECTION_TIMED_OUT", "timeout"],
    ["request:fail 请求超时。 timed out", "timeout"],
    ["request:fail interrupted", "interrupted"],
    ["request:fail url not in domain list", "domain_not_allowed"],
    ["request:fail 似乎已断开与互联网的连接。", "offline", "none"],
    ["request:fail ssl hand shake error", "network_failed"],
    [undefined, "network_failed"],
  ]) {
    it(`${errMsg} is ${code}`, async () => assert.equal((await networkFailure(errMsg, networkType)).code, code));
  }
});
