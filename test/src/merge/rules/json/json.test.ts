import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readJson, writeJson } from "../../../../../src/merge/rules/json/json.ts";
import { mergeValues } from "../../../../../src/merge/rules/json/merge-values.ts";

it("what is read is written again as JSON.stringify writes it", () => {
  fc.assert(
    fc.property(fc.jsonValue({ noUnicodeString: false } as never), (value) => {
      const text = JSON.stringify(value, null, 1);

      const read = readJson(text);

      expect(read === undefined ? undefined : writeJson(read, " ")).toBe(text);
    }),
  );
});

it.each(["1.0", "1e5", "-0", "0.30000000000000004", "123456789012345678901234567890"])(
  "the number %s stays as it is written",
  (number) => {
    const read = readJson(`[${number}]`);

    expect(read && writeJson(read, "")).toContain(number);
  },
);

it.each([
  ["nothing", ""],
  ["no JSON", "{'a': 1}"],
  ["a key twice", '{"a": 1, "a": 2}'],
  ["a key twice by an escape", '{"a": 1, "\\u0061": 2}'],
  ["more than one value", "1 2"],
  ["a depth without end", "[".repeat(200_000)],
  ["too much depth", `${"[".repeat(5_000)}${"]".repeat(5_000)}`],
  ["a mark of the byte order", "\uFEFF{}"],
])("%s is not read", (_, text) => {
  expect(readJson(text)).toBeUndefined();
});

describe("values by key", () => {
  const merged = (base: string, ours: string, theirs: string) => {
    const [b, o, t] = [base, ours, theirs].map(readJson);
    const result = mergeValues({ base: b, ours: o, theirs: t });
    return result?.value === undefined
      ? undefined
      : writeJson(result.value, "").replaceAll("\n", "");
  };

  it("are those of both sides, in the order of ours", () => {
    expect(merged('{"a":1,"b":2}', '{"b":2,"c":3,"a":1}', '{"a":9,"d":4}')).toBe(
      '{"c": 3,"a": 9,"d": 4}',
    );
  });

  it("are a conflict where both sides changed one", () => {
    expect(merged('{"a":1}', '{"a":2}', '{"a":3}')).toBeUndefined();
    expect(merged('{"a":1}', "{}", '{"a":3}')).toBeUndefined();
  });

  it("are only keys, whatever they are called", () => {
    expect(merged("{}", '{"__proto__":{"x":1}}', '{"constructor":2,"toString":3}')).toBe(
      '{"__proto__": {"x": 1},"constructor": 2,"toString": 3}',
    );
    expect(Object.hasOwn(Object.prototype, "x")).toBe(false);
  });
});
