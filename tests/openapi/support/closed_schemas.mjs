// The description with every object closed to members that it does not name. Clients are to let such members
// pass; here they are something that somebody forgot to describe.

// A schema as it is, but with what it holds closed.
function withClosedParts(schema) {
  const part = { ...schema };
  if (part.properties) {
    part.properties = Object.fromEntries(
      Object.entries(part.properties).map(([name, each]) => [name, closedSchema(each)]));
  }
  if (part.items) part.items = closedSchema(part.items);
  if (part.oneOf) part.oneOf = part.oneOf.map(closedSchema);
  return part;
}

// What a schema adds members to cannot be closed itself.
function openSchema(schema) {
  const result = withClosedParts(schema);
  if (result.$ref) result.$ref = result.$ref.replace("/schemas/", "/openSchemas/");
  return result;
}

function closedSchema(schema) {
  if (typeof schema !== "object" || schema === null) return schema;
  return schema.properties ? { unevaluatedProperties: false, ...openSchema(schema) } : withClosedParts(schema);
}

function withClosedSchemas(value) {
  if (Array.isArray(value)) return value.map(withClosedSchemas);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) =>
    [name, name === "schema" ? closedSchema(each) : withClosedSchemas(each)]));
}

const mapped = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([name, each]) => [name, change(each)]));

export function closed(document) {
  const { schemas, ...others } = document.components;
  return {
    ...document,
    paths: withClosedSchemas(document.paths),
    components: {
      ...withClosedSchemas(others),
      schemas: mapped(schemas, closedSchema),
      openSchemas: mapped(schemas, openSchema),
    },
  };
}
