/** A JSON value; numbers as they are written. */
export type Json = string | boolean | null | Written | readonly Json[] | JsonObject;

/** A JSON object by its own keys only, in their order. */
export type JsonObject = ReadonlyMap<string, Json>;

/** A number as it is written: neither 1.0 nor a long integer may come back as another text. */
interface Written {
  readonly number: string;
}

const DEEPEST = 100;

/** The value of a JSON text; undefined where it is none, too deep, or has a key twice in one object. */
export function readJson(text: string): Json | undefined {
  const tokens = text.matchAll(
    /\s*(?:("[^"\\]*(?:\\.[^"\\]*)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)|([[\]{},:])|(\S))/gy,
  );
  try {
    // What is no JSON at all is known at once; what follows only keeps more of it.
    JSON.parse(text);
    const reader = createReader(tokens);
    return reader.value(0);
  } catch {
    return undefined;
  }
}

function createReader(tokens: Iterator<RegExpExecArray>) {
  let token = tokens.next();
  const sign = () => (token.done ? "" : (token.value[4] ?? ""));
  const advance = () => {
    token = tokens.next();
  };

  function value(depth: number): Json {
    if (depth > DEEPEST || token.done) throw new RangeError("too deep");
    const [, text, number, word, open] = token.value;
    advance();
    if (open !== undefined) return open === "[" ? list(depth) : object(depth);
    return number === undefined ? plain(text ?? word) : { number };
  }

  function list(depth: number): Json {
    const items: Json[] = [];
    while (sign() !== "]") {
      items.push(value(depth + 1));
      if (sign() === ",") advance();
    }
    advance();
    return items;
  }

  function object(depth: number): Json {
    const members = new Map<string, Json>();
    while (sign() !== "}") {
      const key = value(depth + 1);
      advance();
      if (typeof key !== "string" || members.has(key)) throw new RangeError("a key twice");
      members.set(key, value(depth + 1));
      if (sign() === ",") advance();
    }
    advance();
    return members;
  }

  return { value };
}

/** A text, true, false or null. */
function plain(token: string | undefined): Json {
  return JSON.parse(token ?? "") as string | boolean | null;
}

/** The text of a value, as `JSON.stringify` lays it out with this indentation. */
export function writeJson(value: Json, indent: string, depth = 0): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (value === null || typeof value === "boolean") return String(value);
  if ("number" in value) return value.number;
  const isList = isArray(value);
  const parts = isList
    ? value.map((item) => writeJson(item, indent, depth + 1))
    : [...value].map(
        ([key, item]) => `${JSON.stringify(key)}: ${writeJson(item, indent, depth + 1)}`,
      );
  const [open, close] = isList ? "[]" : "{}";
  if (parts.length === 0) return `${open}${close}`;
  const inner = `\n${indent.repeat(depth + 1)}`;
  return `${open}${inner}${parts.join(`,${inner}`)}\n${indent.repeat(depth)}${close}`;
}

/** The value as an object; undefined where it is none. */
export function objectOf(value: Json | undefined): JsonObject | undefined {
  return value instanceof Map ? value : undefined;
}

/** True for a list. */
export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
