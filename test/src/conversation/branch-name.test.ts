import { describe, expect, it } from "vitest";
import { branchName } from "../../../src/conversation/branch-name.ts";
import { seeded } from "../core/seeded.ts";
import { attack } from "./attacks.ts";

describe("branchName()", () => {
  const names: readonly (readonly [string, string, string])[] = [
    ["takes five words", "Add a parser for dates, now", "nexus/12-add-a-parser-for-dates-5b2c"],
    ["drops accents", "Größe ändern à côté", "nexus/12-gro-e-andern-a-cote-5b2c"],
    ["shortens long words", "x".repeat(500), `nexus/12-${"x".repeat(16)}-5b2c`],
    ["has a word where the request has none", "修复 ???", "nexus/12-task-5b2c"],
    ["knows no path", "../../etc/passwd .lock", "nexus/12-etc-passwd-lock-5b2c"],
    ["knows no options", "--upload-pack=x; $(id)", "nexus/12-upload-pack-x-id-5b2c"],
  ];

  it.each(names)("%s", (_name, request, expected) => {
    expect(branchName({ id: "72d3162e-cc78-11e3", issue: 12, request })).toBe(expected);
  });

  it("is the same for the same task, and another for another one on the same issue", () => {
    const one = branchName({ id: "a-1", issue: 1, request: "fix" });

    expect(branchName({ id: "a-1", issue: 1, request: "fix" })).toBe(one);
    expect(branchName({ id: "a-2", issue: 1, request: "fix" })).not.toBe(one);
  });

  it("hardly ever meets another task's name", () => {
    const names = Array.from({ length: 300 }, (_, n) =>
      branchName({ id: `72d3162e-cc78-11e3-81ab-${n}`, issue: 1, request: "fix" }),
    );

    expect(new Set(names).size).toBe(300);
  });

  it("is a valid, short ref whatever is asked", () => {
    const random = seeded(31);
    for (let round = 0; round < 3_000; round++) {
      const request = attack(random) || "x";
      const name = branchName({
        id: random.text(Array.from("abcdef0123456789-"), 36),
        issue: 7,
        request,
      });

      expect(name).toMatch(/^nexus\/7(?:-[a-z0-9]{1,16}){1,5}-[a-z0-9]{4}$/);
    }
  });
});
