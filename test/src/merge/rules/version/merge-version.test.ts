import { expect, it } from "vitest";
import { byRule, outcomeOf } from "../texts.ts";

const manifest = (version: string, rest = "") =>
  `{\n  "name": "a",\n  "version": "${version}",\n  "x": 1,\n  "y": 1,\n  "z": 1${rest}\n}\n`;

it("the higher version is taken, and the rest is merged as it is", () => {
  const merge = byRule("package.json", {
    base: manifest("1.0.0"),
    ours: manifest("1.0.1", ',\n  "ours": 1'),
    theirs: manifest("1.1.0").replace('"a"', '"b"'),
  });

  expect(merge).toMatchObject({
    kind: "merged",
    text: manifest("1.1.0", ',\n  "ours": 1').replace('"a"', '"b"'),
  });
  expect(merge.hunks.at(-1)).toEqual({
    stage: "rule",
    line: 3,
    why: "both sides raised the version; the higher one is taken",
    confidence: "proven",
  });
});

it("is what both sides have, whoever is asked first", () => {
  const [base, ours, theirs] = ["1.0.0", "1.1.0", "2.0.0-rc.1"].map((version) => manifest(version));
  const texts = { base: base ?? "", ours: ours ?? "", theirs: theirs ?? "" };

  const one = byRule("package.json", texts);
  const other = byRule("package.json", { ...texts, ours: texts.theirs, theirs: texts.ours });

  expect(outcomeOf(one)).toBe(manifest("2.0.0-rc.1"));
  expect(outcomeOf(other)).toBe(manifest("2.0.0-rc.1"));
});

it("where the rest is in conflict, both versions stand in the text", () => {
  const merge = byRule("package.json", {
    base: manifest("1.0.0"),
    ours: manifest("1.0.1").replace('"x": 1', '"x": {}'),
    theirs: manifest("1.1.0").replace('"x": 1', '"x": []'),
  });

  expect(merge.kind).toBe("conflicted");
  expect(merge.text).toContain('"version": "1.0.1"');
  expect(merge.text).toContain('"version": "1.1.0"');
});

it.each<[string, string, string, string]>([
  ["a side that went down", "1.2.0", "1.1.0", "not both of them raised it"],
  ["a side that counts otherwise", "1.2.0", "2026.01.01", "cannot be put in an order"],
  ["a giant", "1.2.0", `2.0.${"0".repeat(200)}`, "cannot be put in an order"],
  ["a command", "1.2.0", "$(id)", "cannot be put in an order"],
])("%s leaves a conflict", (_, ...[ours, theirs, why]) => {
  const merge = byRule("package.json", {
    base: manifest("1.1.5"),
    ours: manifest(ours),
    theirs: manifest(theirs),
  });

  expect(merge.kind).toBe("conflicted");
  expect(outcomeOf(merge)).toContain(why);
});
