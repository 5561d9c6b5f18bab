import { Ajv2019, type ErrorObject, type ValidateFunction } from "ajv/dist/2019.js";
import addFormats from "ajv-formats";
import { type Description, type Operation, withoutRequired } from "./openapi.ts";
import type { Json } from "./state.ts";

interface RequestParts {
  readonly params: Json;
  readonly query: Json;
  readonly body: unknown;
}

interface Findings {
  /** Wrong against GitHub's description. */
  readonly errors: readonly string[];
  /** Fields that GitHub's description requires and GitHub's own examples often lack. */
  readonly warnings: readonly string[];
}

/** GitHub's description as a judge of requests and answers. */
export interface Contract {
  /** Checks strictly; brings parameters into their types and fills in defaults. */
  checkRequest(operation: Operation, parts: RequestParts): readonly string[];
  checkResponse(operation: Operation, answer: { status: number; body: unknown }): Findings;
}

const ROOT = "github";

function createAjv(schemas: unknown, options: { coerceTypes?: boolean }) {
  const ajv = new Ajv2019({
    strict: false,
    allErrors: true,
    useDefaults: options.coerceTypes === true,
    coerceTypes: options.coerceTypes === true,
    validateFormats: true,
  });
  addFormats.default(ajv, ["date-time", "uri", "email", "uri-template"]);
  ajv.addFormat("int64", true);
  ajv.addFormat("timestamp", true);
  ajv.addFormat("repo.nwo", true);
  ajv.addSchema({ $id: ROOT, components: { schemas } } as object);
  return ajv;
}

function localized(schema: unknown): unknown {
  const text = JSON.stringify(schema).replaceAll('"$ref":"#/', `"$ref":"${ROOT}#/`);
  return JSON.parse(text);
}

function said(part: string, errors: readonly ErrorObject[] | null | undefined): string[] {
  return (errors ?? []).map((error) => {
    const more = JSON.stringify(error.params);
    return `${part}${error.instancePath} ${error.message ?? error.keyword} ${more}`;
  });
}

function parametersSchema(operation: Operation, where: "path" | "query"): unknown {
  const own = operation.parameters.filter((one) => one.in === where);
  return {
    type: "object",
    properties: Object.fromEntries(own.map((one) => [one.name, one.schema])),
    required: own.filter((one) => one.required).map((one) => one.name),
    additionalProperties: false,
  };
}

function bodySchema({ body }: Operation): unknown {
  if (body === undefined) return { type: "object", maxProperties: 0 };
  const { schema } = body;
  const closed =
    schema.additionalProperties === undefined && JSON.stringify(schema).includes("properties");
  return closed ? { ...schema, unevaluatedProperties: false } : schema;
}

/** Compiles each schema when it is first needed. */
export function createContract(description: Description): Contract {
  const forParameters = createAjv(description.schemas, { coerceTypes: true });
  const strict = createAjv(description.schemas, {});
  const lax = createAjv(withoutRequired(description.schemas, true), {});
  const compiled = new Map<string, ValidateFunction>();
  const validator = (key: string, ajv: typeof strict, schema: () => unknown) => {
    const known = compiled.get(key);
    if (known !== undefined) return known;
    const made = ajv.compile(localized(schema()) as object);
    compiled.set(key, made);
    return made;
  };
  return {
    checkRequest(operation, parts) {
      const check = (part: "path" | "query", value: Json) => {
        const key = `${operation.name} ${part}`;
        const valid = validator(key, forParameters, () => parametersSchema(operation, part));
        return valid(value) ? [] : said(part, valid.errors);
      };
      const missing = parts.body === undefined && operation.body?.required === true;
      const body = validator(`${operation.name} body`, strict, () => bodySchema(operation));
      const bodyFine = parts.body === undefined || body(parts.body);
      return [
        ...check("path", parts.params),
        ...check("query", parts.query),
        ...(missing ? ["body is missing"] : []),
        ...(bodyFine ? [] : said("body", body.errors)),
      ];
    },
    checkResponse(operation, { status, body }) {
      if (!operation.responses.has(status)) {
        const known = status >= 400 ? [] : [`answers with ${status}, which is not described`];
        return { errors: known, warnings: [] };
      }
      const schema = operation.responses.get(status);
      if (schema === undefined || status >= 400) return { errors: [], warnings: [] };
      const key = `${operation.name} ${status}`;
      const types = validator(`${key} lax`, lax, () => withoutRequired(schema));
      if (!types(body)) return { errors: said("answer", types.errors), warnings: [] };
      const whole = validator(`${key} strict`, strict, () => schema);
      return { errors: [], warnings: whole(body) ? [] : said("answer", whole.errors) };
    },
  };
}
