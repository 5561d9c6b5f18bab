import { readFileSync } from "node:fs";
import type { Json } from "./state.ts";

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null;

function nullable(schema: Json): Json {
  const { nullable: _, ...rest } = schema;
  if (typeof rest.type === "string") {
    const values = Array.isArray(rest.enum) ? { enum: [...rest.enum, null] } : {};
    return { ...rest, type: [rest.type, "null"], ...values };
  }
  return { anyOf: [rest, { type: "null" }] };
}

/** OpenAPI 3.0's dialect as plain JSON Schema. */
function toJsonSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toJsonSchema);
  if (!isObject(value)) return value;
  const { discriminator: _, ...rest } = value;
  const inner = Object.fromEntries(
    Object.entries(rest).map(([key, part]) => [key, toJsonSchema(part)]),
  );
  return inner.nullable === true ? nullable(inner) : inner;
}

/** The same schema without demands for presence: for telling wrong types from missing fields. */
export function withoutRequired(value: unknown, inProperties = false): unknown {
  if (Array.isArray(value)) return value.map((entry) => withoutRequired(entry));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([key, part]): [string, unknown][] => {
    if (inProperties) return [[key, withoutRequired(part)]];
    if (key === "required") return [];
    return [[key === "oneOf" ? "anyOf" : key, withoutRequired(part, key === "properties")]];
  });
  return Object.fromEntries(entries);
}

interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly schema: Json;
  readonly multi: boolean;
}

export interface Operation {
  /** As in OPERATIONS. */
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly body: { readonly schema: Json; readonly required: boolean } | undefined;
  /** Schemas of JSON answers by status; undefined where an answer carries no JSON. */
  readonly responses: ReadonlyMap<number, Json | undefined>;
}

/** GitHub's description of what the emulator serves. */
export interface Description {
  readonly schemas: Json;
  readonly operations: ReadonlyMap<string, Operation>;
  /** The operation a request is for, with the path's parameters. */
  find(method: string, path: string): { operation: Operation; params: Json } | undefined;
}

function deref(document: Json, value: unknown): Json {
  if (!isObject(value)) return {};
  if (typeof value.$ref !== "string") return value;
  const found = value.$ref
    .slice(2)
    .split("/")
    .reduce<unknown>((node, key) => (isObject(node) ? node[key] : undefined), document);
  return deref(document, found);
}

function jsonSchema(document: Json, holder: unknown): Json | undefined {
  const content = deref(document, holder).content;
  const json = isObject(content) ? content["application/json"] : undefined;
  const schema = isObject(json) ? json.schema : undefined;
  return isObject(schema) ? (toJsonSchema(schema) as Json) : undefined;
}

function parameter(document: Json, value: unknown): Parameter {
  const found = deref(document, value);
  return {
    name: String(found.name),
    in: found.in as Parameter["in"],
    required: found.required === true,
    schema: toJsonSchema(found.schema) as Json,
    multi: found["x-multi-segment"] === true,
  };
}

function operation(document: Json, name: string, value: Json): Operation {
  const parameters = Array.isArray(value.parameters) ? value.parameters : [];
  const schema = jsonSchema(document, value.requestBody);
  const required = deref(document, value.requestBody).required === true;
  const responses = isObject(value.responses) ? Object.entries(value.responses) : [];
  return {
    name,
    parameters: parameters.map((one) => parameter(document, one)),
    body: schema === undefined ? undefined : { schema, required },
    responses: new Map(
      responses.map(([status, response]) => [Number(status), jsonSchema(document, response)]),
    ),
  };
}

function matcher(operation: Operation): RegExp {
  const [method = "", path = ""] = operation.name.split(" ");
  const multi = new Set(operation.parameters.filter((one) => one.multi).map((one) => one.name));
  const pattern = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    multi.has(name) ? `(?<${name}>.*)` : `(?<${name}>[^/]+)`,
  );
  return new RegExp(`^${method} ${pattern}$`);
}

/** Fixed words beat parameters, and parameters of one segment beat longer ones. */
function specificity({ name, parameters }: Operation): number {
  const words = name.split("/").filter((part) => !part.startsWith("{")).length;
  return words * 2 - (parameters.some((one) => one.multi) ? 1 : 0);
}

/** Reads the committed subset of GitHub's OpenAPI description. */
export function readDescription(): Description {
  const file = new URL("openapi-subset.json", import.meta.url);
  const document = JSON.parse(readFileSync(file, "utf8")) as Json;
  const operations = Object.entries(document.paths as Record<string, Record<string, Json>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, value]) =>
        operation(document, `${method.toUpperCase()} ${path}`, value),
      ),
  );
  const matchers = operations
    .toSorted((a, b) => specificity(b) - specificity(a))
    .map((one) => ({ operation: one, pattern: matcher(one) }));
  const components = document.components as Record<string, Json>;
  return {
    schemas: toJsonSchema(components.schemas) as Json,
    operations: new Map(operations.map((one) => [one.name, one])),
    find(method, path) {
      for (const { operation, pattern } of matchers) {
        const groups = pattern.exec(`${method} ${path}`)?.groups;
        if (groups !== undefined || pattern.test(`${method} ${path}`)) {
          const params = Object.entries(groups ?? {}).map(([key, value]) => [
            key,
            decodeURIComponent(value),
          ]);
          return { operation, params: Object.fromEntries(params) };
        }
      }
      return undefined;
    },
  };
}
