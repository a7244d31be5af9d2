// etc/openapi.yaml: its operations, and whether a request or a response is as it says.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { parse } from "yaml";
import { closed } from "./closed_schemas.mjs";

const file = fileURLToPath(new URL("../../../etc/openapi.yaml", import.meta.url));
const verbs = ["get", "put", "post", "delete", "patch"];

// As a name within a JSON pointer.
const escaped = (name) => encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"));

export class Description {
  constructor() {
    this.document = JSON.parse(JSON.stringify(parse(readFileSync(file, "utf8"))));
    // Draft 2020-12. Words of OpenAPI that are no JSON Schema ("example") are not looked at.
    this.ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats(this.ajv);
    this.ajv.addSchema({ ...this.document, $id: "described" });
    this.ajv.addSchema({ ...closed(this.document), $id: "closed" });
    this.operations = Object.entries(this.document.paths).flatMap(([path, item]) =>
      verbs.filter((verb) => item[verb]).map((verb) => this.#operation(path, item, verb)));
  }

  #operation(path, item, verb) {
    const operation = item[verb];
    const servers = operation.servers ?? item.servers ?? this.document.servers;
    return {
      ...operation,
      path,
      method: verb.toUpperCase(),
      pointer: `/paths/${escaped(path)}/${verb}`,
      name: `${verb.toUpperCase()} ${path}`,
      listeners: servers.map(({ description }) => /^The (public|internal) listener/.exec(description)[1]),
      parameters: [
        ...this.#parameters(item, `/paths/${escaped(path)}`),
        ...this.#parameters(operation, `/paths/${escaped(path)}/${verb}`),
      ],
    };
  }

  #parameters(of, pointer) {
    return (of.parameters ?? []).map((each, index) => ({
      ...this.resolved(each),
      pointer: each.$ref?.slice(1) ?? `${pointer}/parameters/${index}`,
    }));
  }

  operation(id) {
    const found = this.operations.find(({ operationId }) => operationId === id);
    if (!found) throw new Error(`no operation ${id}`);
    return found;
  }

  resolved(object) {
    if (!object?.$ref) return object;
    return object.$ref.slice(2).split("/").reduce((inside, name) => inside[name], this.document);
  }

  // What is described for this status, with `pointer`: where it stands. `isListed`: under its own number.
  response(operation, status) {
    const isListed = String(status) in operation.responses;
    const key = isListed ? String(status) : "default";
    const given = operation.responses[key];
    if (!given) throw new Error(`${operation.name}: ${status} is not described`);
    const pointer = given.$ref?.slice(1) ?? `${operation.pointer}/responses/${key}`;
    return { ...this.resolved(given), pointer, isListed };
  }

  // What is wrong with `value`, a line each. `at`: a JSON pointer to the schema. With "closed", members that
  // are not described are wrong, too.
  faults(at, value, which = "described") {
    const id = `${which}#${at}`;
    const validate = this.ajv.getSchema(id) ?? this.ajv.compile({ $ref: id });
    if (validate(value)) return [];
    return validate.errors.map(({ instancePath, message, params }) =>
      `${instancePath || "/"} ${message} ${JSON.stringify(params)}`);
  }

  // What is wrong with `text` as the value of a parameter.
  parameterFaults(parameter, text) {
    const at = `${parameter.pointer}/schema`;
    const faults = this.faults(at, text);
    return faults.length > 0 && text !== "" && this.faults(at, Number(text)).length === 0 ? [] : faults;
  }

  // The schema of the body that `operation` takes as `type`, as a pointer.
  bodyPointer(operation, type) {
    return `${operation.pointer}/requestBody/content/${escaped(type)}/schema`;
  }

  contentPointer(response, type) {
    return `${response.pointer}/content/${escaped(type)}/schema`;
  }
}
