// Every call of etc/openapi.yaml against the running server, with every status that it names. What comes back is
// checked by the caller; how to get it stands in calls/, by topic.
import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import backEnds from "./calls/back_ends.mjs";
import { Bench } from "./calls/bench.mjs";
import logins from "./calls/logins.mjs";
import operators from "./calls/operators.mjs";
import ownData from "./calls/own_data.mjs";
import states from "./calls/states.mjs";

// Named, and not to be had from outside: the server's writing thread would have to be held meanwhile.
const unprovoked = new Set([
  // A ban that the database has and this process does not know of yet: tests/handlers/banned_elsewhere_test.cpp.
  "showMe 403",
  // Had in tests/e2e/meeting_writes_test.cpp.
  "takeUserInfo 403", "uploadAvatar 403", "decryptOpenData 503",
]);

suite("calls", () => {
  const bench = new Bench();
  before(() => bench.start());
  after(() => bench.end());

  for (const topic of [logins, ownData, backEnds, operators, states]) topic(bench);

  test("every status that is described has been seen, but for those that are named here", () => {
    const missing = bench.described.operations.flatMap((operation) =>
      Object.keys(operation.responses).filter((each) => each !== "default")
        .filter((each) => ![...bench.caller.seen].some((seen) => `${seen} `.startsWith(`${operation.name} ${each} `)))
        .map((each) => `${operation.operationId} ${each}`));
    assert.deepEqual(missing.sort(), [...unprovoked].sort());
  });

  test("and every status that came is described under its own number", () => {
    const unlisted = [...bench.caller.seen].filter((seen) => {
      const [method, path, number] = seen.split(" ");
      const operation = bench.described.operations.find(({ name }) => name === `${method} ${path}`);
      return !(number in operation.responses);
    });
    assert.deepEqual(unlisted, []);
  });
});
