// What etc/openapi.yaml does not let pass, the server refuses with a problem that names the field; what it lets
// pass, the server does not call malformed.
import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { Caller } from "./support/caller.mjs";
import { Description } from "./support/description.mjs";
import { Server } from "./support/server.mjs";

const described = new Description();
const caller = new Caller(described);

const values = [null, true, 0, 1, 3, -1, 1.5, 2 ** 53, "", "x", "0", "2", "9", "null", "a b", "line\nend", "\u0000", "\u007f",
  "x".repeat(16), "x".repeat(17), "界".repeat(64), "界".repeat(65), "x".repeat(128), "x".repeat(129), "😀".repeat(64),
  "x".repeat(1024), "x".repeat(1025), [], ["x"], {}, { code: "x" }];
const texts = values.filter((each) => typeof each === "string").concat("200", "201", "1.5", "active", "banned");

// Values that stand for something: in a query and as a text of the developer tools, nothing at all.
const isNothing = (text) => text === "null" || text === "undefined";

// What no schema can know.
const ofThisServer = /: (not an app of this server|not one that a page gave for "next")$/;
const ofMerges = /^users: (the same twice|WeChat tells them apart)/;
const encoded = { encryptedData: "A".repeat(22) + "==", iv: "A".repeat(22) + "==" };
// Of open data: what the texts hold, and that two belong together.
const ofOpenData = /^(rawData: (not JSON|not an object|missing)|signature: missing|encryptedData: (not base64|not made of whole blocks|missing)|iv: missing|code: WeChat does not take it; let the user tap the button again)$/;

let server;

const bodyOf = (operation) => operation.requestBody?.content?.["application/json"]?.schema;

suite("bad fields", () => {
  before(async () => {
    server = await Server.start({ sections: "[limits]\nrequests_per_user = 0" });
  });
  after(() => server?.end());

  const prepared = {
    logIn: async () => ({ code: await server.code("anna") }),
    replaceAccessToken: async () => ({ rejected: "another" }),
    checkSession: async () => ({ user: (await logIn()).id }),
    resetSessionKey: async () => ({ user: (await logIn()).id }),
    giveUserEncryptKey: async () => ({ user: (await logIn()).id }),
    mergeUsers: async () => ({ user: (await logIn()).id, other: (await logIn("bert")).id }),
    takeUserInfo: async () => ({ rawData: "{}", signature: "a".repeat(40), ...encoded }),
    bindPhone: async () => encoded,
    decryptOpenData: async () => ({ user: (await logIn()).id, ...encoded }),
    checkText: async () => ({ user: "01990f3e-7a2b-7c3d-8e4f-5a6b7c8d9e0f", text: "fine" }),
    refreshSession: async () => ({ refresh_token: (await logIn()).refresh_token }),
  };
  const logIn = async (user = "anna") =>
    (await caller.call(server.at, "logIn", { body: { code: await server.code(user) } })).body;

  for (const operation of described.operations.filter(bodyOf)) {
    const { properties } = described.resolved(bodyOf(operation));
    test(`the members of ${operation.name}`, async () => {
      const keeps = operation.security.some((each) => "sessionToken" in each);
      for (const name of Object.keys(properties)) {
        for (const value of values) {
          const body = { ...(await prepared[operation.operationId]?.()), [name]: value };
          const token = keeps ? (await logIn()).token : operation["x-scope"] ? server.key : undefined;
          const faults = described.faults(described.bodyPointer(operation, "application/json"), body);
          const answer = await caller.call(server.at, operation.operationId, { body, token });
          const shown = `${operation.name} ${JSON.stringify(body).slice(0, 200)}: ${answer.bytes}`;
          if (faults.length > 0) {
            assert.equal(answer.status, 400, shown);
            assert.ok(answer.body.detail.includes(name), shown);
          } else if (answer.status === 400) {
            const isKnown = ofThisServer.test(answer.body.detail) || ofMerges.test(answer.body.detail) || ("iv" in properties && ofOpenData.test(answer.body.detail));
            assert.ok(isKnown, shown);
          }
        }
      }
    });
  }

  for (const operation of described.operations) {
    for (const parameter of operation.parameters.filter((each) => each.in === "query")) {
      test(`${parameter.name} of ${operation.name}`, async () => {
        for (const text of texts) {
          if (isNothing(text) && !parameter.required) continue;
          const query = { [parameter.name]: text };
          if (operation.operationId === "logInByQuery" && parameter.name !== "code") query.code = await server.code("anna");
          const faults = described.parameterFaults(parameter, text);
          const token = operation["x-scope"] ? server.key : undefined;
          const answer = await caller.call(server.at, operation.operationId, { query, token });
          const shown = `${operation.name} ${JSON.stringify(query).slice(0, 200)}: ${answer.bytes}`;
          if (faults.length > 0) {
            assert.equal(answer.status, 400, shown);
            assert.ok(answer.body.detail.includes(parameter.name), shown);
          } else if (answer.status === 400) {
            assert.match(answer.body.detail, ofThisServer, shown);
          }
        }
      });
    }
  }
});
