import { expect, it } from "vitest";
import { gate } from "../../jobs/gate.ts";

const redact = (text: string) => text.replaceAll("canary", "[secret]");

it("every string at any depth goes through, and nothing else is touched", () => {
  const bytes = new Uint8Array([99, 97, 110, 97, 114, 121]);
  const value = {
    title: "a canary",
    list: ["canary", { deep: ["canary", 1, true, null, undefined] }],
    count: 3,
    bytes,
    nothing: null,
    missing: undefined,
  };

  const gated = gate(value, redact);

  expect(gated).toEqual({
    title: "a [secret]",
    list: ["[secret]", { deep: ["[secret]", 1, true, null, undefined] }],
    count: 3,
    bytes,
    nothing: null,
    missing: undefined,
  });
  expect(value.title).toBe("a canary");
});

it.each([
  ["a text", "canary", "[secret]"],
  ["a number", 7, 7],
  ["nothing", undefined, undefined],
])("%s alone is a value too", (_name, value, expected) => {
  expect(gate(value, redact)).toEqual(expected);
});

it("a key that would change the object's kind stays a key", () => {
  const hostile = JSON.parse('{"__proto__":{"polluted":"canary"},"a":1}');

  const gated = gate(hostile, redact) as Record<string, unknown>;

  expect(Object.getPrototypeOf(gated)).toBe(Object.prototype);
  expect(JSON.stringify(gated)).toBe('{"__proto__":{"polluted":"[secret]"},"a":1}');
});
