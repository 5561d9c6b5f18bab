import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { FileMerge } from "../../../src/core/merge.ts";
import type { Syntax } from "../../../src/core/syntax.ts";
import { mergeFile } from "../../../src/merge/merge-file.ts";
import { mergeByRule } from "../../../src/merge/rules/merge-by-rule.ts";
import { createSyntax } from "../../../src/syntax/create-syntax.ts";
import { type GoldenCase, readGoldenCase } from "./golden-case.ts";

const FOLDER = join(import.meta.dirname, "../../fixtures/merge");
const NAMES = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".txt"))
  .sort();
const MARKERS = /^<{7} [\s\S]*^={7}\r?$[\s\S]*^>{7} /m;

let syntax: Syntax;
beforeAll(async () => {
  syntax = await createSyntax();
});

describe("merges as a careful maintainer would do them", () => {
  it.each(NAMES)("%s", (name) => {
    const given = readGoldenCase(name, readFileSync(join(FOLDER, name), "utf8"));

    const answer = merged(given);

    if (given.expect === "merged") expect(answer).toMatchObject({ text: given.result });
    else expect(reasons(answer)).toContain(given.result);
    expect(MARKERS.test(answer.text)).toBe(given.expect === "conflicted");
    expect(answer.kind).toBe(given.expect);
    if (given.stage !== undefined)
      expect(answer.hunks.at(-1)).toMatchObject({ stage: given.stage });
    expect(merged(turned(given)).kind).toBe(given.expect);
  });
});

function merged({ path, base, ours, theirs }: GoldenCase): FileMerge {
  return mergeByRule({ path, base, ours, theirs }, (sides) => mergeFile(sides, syntax));
}

function turned(given: GoldenCase): GoldenCase {
  return { ...given, ours: given.theirs, theirs: given.ours };
}

function reasons(answer: FileMerge): string {
  if (answer.kind === "merged") return `it was merged:\n${answer.text}`;
  return answer.conflicts.map(({ why }) => why).join("\n");
}
