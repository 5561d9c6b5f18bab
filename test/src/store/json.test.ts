import { expect, it } from "vitest";
import { z } from "zod";
import { canonicalJson, parseStored } from "../../../src/store/json.ts";

it.each([
  [{ b: 1, a: [{ d: 1, c: 2 }] }, '{"a":[{"c":2,"d":1}],"b":1}'],
  [{ ä: 1, z: 2, A: 3 }, '{"A":3,"z":2,"ä":1}'],
  [{ gone: undefined }, "{}"],
  [undefined, "null"],
  ["\ud800\0", '"\\ud800\\u0000"'],
  [JSON.parse('{"__proto__":1,"a":2}'), '{"__proto__":1,"a":2}'],
])("writes %j as one text", (value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

it("names the row that does not fit its schema", () => {
  const reading = () => parseStored(z.object({ id: z.string() }), { id: 7 }, "task 12");

  expect(reading).toThrow(expect.objectContaining({ code: "store.corrupt", retryable: false }));
  expect(reading).toThrow("task 12");
});
