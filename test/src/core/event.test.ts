import { describe, expect, it } from "vitest";
import { readEvent, type TaskEvent, tidied } from "../../../src/core/event.ts";
import { createRedactor } from "../../../src/core/redact.ts";

const SECRET = "correct-horse-battery-staple";
const redact = createRedactor([SECRET]);
const failed = (reason: string): TaskEvent => ({
  kind: "item-failed",
  item: "a",
  code: "worker.looping",
  reason,
});
const reasonOf = (reason: string) => {
  const event = tidied(failed(reason), redact);
  return event?.kind === "item-failed" ? event.reason : undefined;
};

describe("an event as it is kept", () => {
  it("has every text on one line, without what people cannot see", () => {
    expect(reasonOf("a\u200B\u202Eb\u0007\n\nc\td")).toBe("ab c d");
  });

  it("has no secret, also where something invisible parts it or it stands where the text is cut", () => {
    const parted = `${SECRET.slice(0, 9)}\u200B${SECRET.slice(9)}`;

    expect(reasonOf(`it is ${SECRET}`)).toBe("it is [secret]");
    expect(reasonOf(`it is ${parted}`)).toBe("it is [secret]");
    expect(reasonOf(`${"x".repeat(285)} ${SECRET}`)).not.toContain("correct");
  });

  it("has texts of three hundred characters at most, never half a character", () => {
    expect(reasonOf("x".repeat(5_000_000))).toBe(`${"x".repeat(299)}…`);
    expect(reasonOf(`${"x".repeat(298)}😀😀`)).toBe(`${"x".repeat(298)}…`);
  });

  it("keeps the names by which programs find things, whatever words are secrets", () => {
    const all = createRedactor(["item-failed", "worker.looping"]);

    expect(tidied(failed("worker.looping"), all)).toEqual(failed("[secret]"));
  });

  it("has only the fields of its kind", () => {
    const item = { id: "a", title: "A", department: "qa", goal: "a body" } as const;

    expect(tidied({ kind: "planned", items: [{ ...item, dependsOn: [] }] }, redact)).toEqual({
      kind: "planned",
      items: [{ id: "a", title: "A", department: "qa", dependsOn: [] }],
    });
  });

  it.each<[string, string, unknown]>([
    ["of a kind to come", "teleported", { to: "mars" }],
    ["whose fields are others", "item-started", { id: "a" }],
    ["with a number that is none", "check", { name: "x", on: "base", passed: true, exitCode: "0" }],
    ["that is no object", "claimed", "claimed"],
    ["that is null", "claimed", null],
    ["with a name of another kind inside", "x\u001B[2J", { kind: "claimed", crashes: 0 }],
  ])("is unreadable where it is one %s", (_name, name, data) => {
    expect(readEvent(name, data)).toEqual({
      kind: "unreadable",
      name: name.replace("\u001B", ""),
    });
  });
});
