import { beforeAll, describe, expect, it } from "vitest";
import type { Syntax } from "../../../src/core/syntax.ts";
import { createSyntax } from "../../../src/syntax/create-syntax.ts";
import { judge } from "./judge.ts";
import { MARKER_SIZE } from "./marked-hunks.ts";

let syntax: Syntax;
beforeAll(async () => {
  syntax = await createSyntax();
});

const mark = (sign: string) => sign.repeat(MARKER_SIZE);
const given = {
  path: "a.ts",
  base: "head();\nold();\nfoot();\n",
  ours: "head();\nours();\nfoot();\n",
  theirs: "head();\ntheirs();\nfoot();\n",
  marked: `head();\n${mark("<")} a\nours();\n${mark("|")} b\nold();\n${mark("=")}\ntheirs();\n${mark(">")} c\nfoot();\n`,
  people: "head();\nours();\ntheirs();\nfoot();\n",
};

describe("a resolution beside the people's", () => {
  it.each<[string, string, object]>([
    ["the same bytes", given.people, { kind: "exact", lost: [], back: [] }],
    ["another indent", "head();\n  ours();\n\ntheirs();\nfoot();\n", { kind: "alike" }],
    ["lines broken elsewhere", "head(); ours();\ntheirs(\n);\nfoot();\n", { kind: "alike" }],
    ["one more comment", "head();\nours(); // both\ntheirs();\nfoot();\n", { kind: "alike" }],
    ["another order", "head();\ntheirs();\nours();\nfoot();\n", { kind: "equivalent", lost: [] }],
    [
      "a side's line gone",
      "head();\ntheirs();\nfoot();\n",
      { kind: "different", lost: ["ours();"], back: [] },
    ],
    [
      "a removed line there again",
      "head();\nold();\nours();\ntheirs();\nfoot();\n",
      { kind: "different", lost: [], back: ["old();"] },
    ],
    [
      "a line that nobody wrote",
      "head();\nours();\ntheirs();\nnew();\nfoot();\n",
      { kind: "different", lost: [], back: [] },
    ],
  ])("with %s", (_, got, verdict) => {
    expect(judge(got, given, syntax)).toMatchObject(verdict);
  });

  it("is equivalent where people wrote the same in the conflict and changed something elsewhere", () => {
    const people = "header();\nours();\ntheirs();\nfoot();\n";
    const marked = given.marked.replace("head", "line();\nhead");

    const verdict = judge(
      `line();\n${given.people}`,
      { ...given, people: `changed();\nhead();\nours();\ntheirs();\nfoot();\n`, marked },
      syntax,
    );

    expect(verdict.kind).toBe("equivalent");
    expect(judge(given.people, { ...given, people }, syntax).kind).toBe("different");
  });
});
