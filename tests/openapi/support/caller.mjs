// Calls the running server by the description: what is sent has to be as it says, unless it is meant to be wrong,
// and what comes back always.
import assert from "node:assert/strict";

const json = (type) => /[/+]json$/.test(type);

export class Caller {
  // "POST /login 401 code_rejected" for every answer that has come.
  seen = new Set();

  constructor(description) {
    this.description = description;
  }

  // Calls operation `id`. `at`: the addresses by listener, {"public","internal"}. Returns what came, checked.
  async call(at, id, { listener, path = {}, query = {}, body, form, type, headers = {}, token } = {}) {
    const operation = this.description.operation(id);
    const sent = { ...headers };
    if (token !== undefined) sent.authorization = `Bearer ${token}`;
    let text;
    if (form !== undefined) {
      text = new URLSearchParams(form).toString();
      sent["content-type"] = type ?? "application/x-www-form-urlencoded";
    } else if (body !== undefined) {
      text = typeof body === "string" ? body : JSON.stringify(body);
      sent["content-type"] = type ?? "application/json";
    }
    const target = operation.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(path[name])) +
      (Object.keys(query).length > 0 ? `?${new URLSearchParams(query)}` : "");
    const response = await fetch(at[listener ?? operation.listeners[0]] + target, {
      method: operation.method, headers: sent, body: text, redirect: "manual",
    });
    const answer = await this.#read(response);
    if (response.status < 300) this.#checkRequest(operation, { query, body, form, type, sent });
    this.#checkResponse(operation, answer);
    return answer;
  }

  async #read(response) {
    const bytes = Buffer.from(await response.arrayBuffer());
    const type = response.headers.get("content-type") ?? "";
    return {
      status: response.status,
      headers: response.headers,
      type,
      bytes,
      body: bytes.length > 0 && json(type) ? JSON.parse(bytes.toString()) : undefined,
    };
  }

  // Of a request that was taken: the description would have let it pass.
  #checkRequest(operation, { query, body, form, type, sent }) {
    for (const [name, value] of Object.entries(query)) {
      const parameter = operation.parameters.find((each) => each.in === "query" && each.name === name);
      assert.ok(parameter, `${operation.name}: the query's ${name} was taken and is not described`);
      const faults = this.description.parameterFaults(parameter, value);
      assert.deepEqual(faults, [], `${operation.name}: ${name}=${value} was taken`);
    }
    const sentType = (sent["content-type"] ?? "").split(";")[0];
    const value = form ?? (typeof body === "string" && json(sentType) ? JSON.parse(body) : body);
    if (value === undefined || !operation.requestBody) return;
    assert.ok(sentType in operation.requestBody.content, `${operation.name}: ${sentType} was taken`);
    if (!json(sentType) && form === undefined) return;
    const faults = this.description.faults(this.description.bodyPointer(operation, sentType), value);
    assert.deepEqual(faults, [], `${operation.name}: this body was taken: ${JSON.stringify(value)}`);
  }

  #checkResponse(operation, answer) {
    const code = answer.body?.code && answer.type === "application/problem+json" ? ` ${answer.body.code}` : "";
    const what = `${operation.name}: ${answer.status}${code}`;
    const described = this.description.response(operation, answer.status);
    this.seen.add(`${operation.name} ${answer.status}${code}`);

    for (const [name, given] of Object.entries(described.headers ?? {})) {
      const header = this.description.resolved(given);
      const value = answer.headers.get(name);
      if (value === null) {
        assert.ok(!header.required, `${what} has no ${name}`);
        continue;
      }
      const schema = this.description.resolved(header.schema);
      const number = schema.type === "integer" ? Number(value) : value;
      assert.ok(this.description.ajv.validate(schema, number), `${what}: ${name}: ${value}`);
    }

    const types = Object.keys(described.content ?? {});
    if (types.length === 0) {
      assert.equal(answer.bytes.length, 0, `${what} has a body: ${answer.bytes.toString()}`);
      return;
    }
    assert.ok(types.includes(answer.type), `${what} has the type ${answer.type}, not ${types}`);
    if (!json(answer.type)) return;
    const faults = this.description.faults(
      this.description.contentPointer(described, answer.type), answer.body, "closed");
    assert.deepEqual(faults, [], `${what}: ${JSON.stringify(answer.body)}`);
    if (answer.type === "application/problem+json") this.#checkProblem(answer, what);
  }

  // What no schema can say.
  #checkProblem({ status, headers, body }, what) {
    assert.equal(body.status, status, what);
    assert.equal(body.type, `urn:wxlogind:problem:${body.code}`, what);
    assert.equal(body.request_id, headers.get("x-request-id"), what);
    assert.equal(headers.has("retry-after"), body.retry === "later", what);
    assert.equal(headers.get("cache-control"), "no-store", what);
  }
}
