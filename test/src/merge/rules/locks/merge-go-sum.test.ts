import { expect, it } from "vitest";
import { byRule, outcomeOf } from "../texts.ts";

const sum = (module: string, hash = "AAA=") => `${module} h1:${hash}\n`;

it("go.sum holds what both sides need, in go's own order, as a proposal", () => {
  const merge = byRule("api/go.sum", {
    base: sum("a v1.0.0") + sum("a v1.0.0/go.mod") + sum("z v1.0.0"),
    ours: sum("a v1.0.0") + sum("a v1.0.0/go.mod") + sum("a v1.10.0") + sum("z v1.0.0"),
    theirs: sum("a v1.0.0") + sum("a v1.0.0/go.mod") + sum("a v1.9.0") + sum("a v1.9.0/go.mod"),
  });

  expect(outcomeOf(merge)).toBe(
    ["a v1.0.0", "a v1.0.0/go.mod", "a v1.9.0", "a v1.9.0/go.mod", "a v1.10.0"]
      .map((module) => sum(module))
      .join(""),
  );
  expect(merge.hunks).toMatchObject([{ stage: "rule", confidence: "proposed" }]);
});

it.each<[string, string, string, string]>([
  ["two checksums of one module", sum("b v1.0.0", "B="), sum("b v1.0.0", "C="), "two checksums"],
  ["a checksum that is exchanged", sum("a v1.0.0", "B="), sum("a v1.0.0"), "two checksums"],
  ["a marker", `<<<<<<< a\n${sum("a v1.0.0")}`, sum("b v1.0.0"), "no checksum"],
  ["another kind of checksum", "a v1.0.0 h2:AAA=\n", sum("b v1.0.0"), "no checksum"],
])("%s is a conflict", (_, ...[ours, theirs, why]) => {
  const merge = byRule("go.sum", { base: sum("a v1.0.0"), ours, theirs: theirs + sum("c v1.0.0") });

  expect(outcomeOf(merge)).toContain(why);
});
