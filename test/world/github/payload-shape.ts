import examples from "@octokit/webhooks-examples" with { type: "json" };
import type { Json } from "./state.ts";

/** What the published examples agree on at one place of a payload. */
interface Shape {
  readonly types: Set<string>;
  readonly objects: Json[];
  readonly entries: unknown[];
}

const typeOf = (value: unknown): string => {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
};

const isObject = (value: unknown): value is Json => typeOf(value) === "object";

function shapeOf(values: readonly unknown[]): Shape {
  return {
    types: new Set(values.map(typeOf)),
    objects: values.filter(isObject),
    entries: values.flatMap((value) => (Array.isArray(value) ? value : [])),
  };
}

/** Names under which some published payload holds null: the examples are few, null is common. */
function nullableNames(value: unknown, names: Set<string>): Set<string> {
  if (Array.isArray(value)) for (const entry of value) nullableNames(entry, names);
  if (!isObject(value)) return names;
  for (const [key, inner] of Object.entries(value)) {
    if (inner === null) names.add(key);
    nullableNames(inner, names);
  }
  return names;
}

function keysOfAll(objects: readonly Json[]): string[] {
  const [first, ...rest] = objects;
  if (first === undefined) return [];
  return Object.keys(first).filter((key) => rest.every((one) => key in one));
}

interface Definition {
  readonly name: string;
  readonly examples: readonly Json[];
}

const DEFINITIONS = examples as unknown as readonly Definition[];
const NULLABLE = nullableNames(DEFINITIONS, new Set());
/** In the examples only where the repository belongs to an organization. */
const OF_ORGANIZATIONS = "organization";
/** Its keys are what the App in the example happens to hold. */
const KEYED_BY_DATA = "permissions";

function compare(path: string, value: unknown, shape: Shape): string[] {
  const type = typeOf(value);
  const name = path.slice(path.lastIndexOf(".") + 1);
  const known = shape.types.has(type) || (type === "null" && NULLABLE.has(name));
  const told = [...shape.types].some((one) => one !== "null");
  if (!known && told) {
    return [`${path} is ${type}, the examples have ${[...shape.types].join(" or ")}`];
  }
  if (Array.isArray(value)) {
    const inner = shapeOf(shape.entries);
    return value.flatMap((entry, at) => compare(`${path}[${at}]`, entry, inner));
  }
  if (!isObject(value) || name === KEYED_BY_DATA) return [];
  return keysOfAll(shape.objects).flatMap((key) => {
    if (key in value) {
      const inner = shapeOf(shape.objects.map((one) => one[key]));
      return compare(`${path}.${key}`, value[key], inner);
    }
    return key === OF_ORGANIZATIONS ? [] : [`${path}.${key} is missing`];
  });
}

/** How a payload differs from the published examples of its event: missing keys and other types. */
export function checkPayload(event: string, payload: Json): string[] {
  const all = DEFINITIONS.find((one) => one.name === event)?.examples ?? [];
  const same = all.filter((example) => example.action === payload.action);
  const examples = same.length > 0 ? same : all;
  if (examples.length === 0) return [`no published example of ${event}`];
  return compare(event, payload, shapeOf(examples));
}
