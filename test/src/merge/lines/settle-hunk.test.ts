import { describe, expect, it } from "vitest";
import { settleHunk } from "../../../../src/merge/lines/settle-hunk.ts";

interface Case {
  readonly path?: string;
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

const place = (path = "a.ts") => ({ path, language: undefined });

describe("a hunk that its texts alone settle", () => {
  it.each<[string, Case & { text: string; why: string }]>([
    [
      "the same change",
      { base: "a\n", ours: "b\n", theirs: "b\n", text: "b\n", why: "same change" },
    ],
    [
      "the same change, wrapped by one side",
      {
        base: "f(a);\n",
        ours: "f(first, second);\n",
        theirs: "f(\n  first,\n  second\n);\n",
        text: "f(\n  first,\n  second\n);\n",
        why: "laid out differently",
      },
    ],
    [
      "one side wrapped what the other changed",
      {
        base: "call(one, two);\n",
        ours: "call(\n  one,\n  two);\n",
        theirs: "call(one, three);\n",
        text: "call(\n  one,\n  three);\n",
        why: "layout only",
      },
    ],
    [
      "one side only trimmed blanks, in Python",
      {
        path: "a.py",
        base: "x = 1  \n",
        ours: "x = 1\n",
        theirs: "x = 2  \n",
        text: "x = 2\n",
        why: "layout only",
      },
    ],
    [
      "one side deleted what the other indented",
      {
        base: "drop(it);\n",
        ours: "",
        theirs: "  drop(it);\n",
        text: "",
        why: "deleted what the other only laid out",
      },
    ],
    [
      "one side made the other's edit and one more",
      {
        base: "a(1);\nkeep();\nb(1);\n",
        ours: "a(2);\nkeep();\nb(1);\n",
        theirs: "a(2);\nkeep();\nb(2);\n",
        text: "a(2);\nkeep();\nb(2);\n",
        why: "all edits of the other",
      },
    ],
    [
      "lines next to each other",
      {
        base: "width = 1;\nheight = 2;\n",
        ours: "width = 10;\nheight = 2;\n",
        theirs: "width = 1;\nheight = 20;\n",
        text: "width = 10;\nheight = 20;\n",
        why: "next to each other",
      },
    ],
    [
      "an insertion before a changed line",
      {
        base: "finish();\n",
        ours: "prepare(all);\nfinish();\n",
        theirs: "finish(now);\n",
        text: "prepare(all);\nfinish(now);\n",
        why: "next to each other",
      },
    ],
    [
      "different words of one line",
      {
        base: "const limit = read(config, 10);\n",
        ours: "const maximum = read(config, 10);\n",
        theirs: "const limit = read(config, 20);\n",
        text: "const maximum = read(config, 20);\n",
        why: "different words",
      },
    ],
  ])("%s", (_name, { path, base, ours, theirs, text, why }) => {
    const settled = settleHunk({ base, ours, theirs }, place(path));
    const turned = settleHunk({ base, ours: theirs, theirs: ours }, place(path));

    expect(settled).toEqual({ text, why: expect.stringContaining(why) });
    expect(turned).toEqual(settled);
  });
});

describe("a hunk that nothing settles", () => {
  it.each<[string, Case]>([
    ["two values for one thing", { base: "x = 1;\n", ours: "x = 2;\n", theirs: "x = 3;\n" }],
    ["statements at one place", { base: "", ours: "open(a);\n", theirs: "close(b);\n" }],
    ["a deletion and an edit", { base: "f(1);\n", ours: "", theirs: "f(2);\n" }],
    [
      "indentation in Python",
      { path: "a.py", base: "  x = 1\n", ours: "x = 1\n", theirs: "  x = 2\n" },
    ],
    [
      "blanks inside of a string",
      { base: 'say("a b");\n', ours: 'say("a  b");\n', theirs: 'say("a c");\n' },
    ],
    [
      "a line that grew before an insertion",
      {
        base: "first(a);\n",
        ours: "first(b);\nsecond(c);\n",
        theirs: "first(a);\nthird(d);\n",
      },
    ],
    [
      "an insertion that repeats what the other side renames",
      {
        base: "run(alpha, beta);\n",
        ours: "run(gamma, beta);\n",
        theirs: "run(alpha, beta);\nrun(alpha, beta, more);\n",
      },
    ],
    [
      "edits within one path",
      {
        base: 'load("lib/one/two");\n',
        ours: 'load("src/one/two");\n',
        theirs: 'load("lib/one/three");\n',
      },
    ],
    ["words that touch", { base: "f(a + b);\n", ours: "f(a - b);\n", theirs: "f(a + c);\n" }],
    [
      "prose that one side filled anew",
      {
        path: "a.md",
        base: "one two three\nfour five six\n",
        ours: "one two\nthree four five six\n",
        theirs: "one two three\nfour five 6\n",
      },
    ],
  ])("%s", (_name, { path, base, ours, theirs }) => {
    expect(settleHunk({ base, ours, theirs }, place(path))).toBeUndefined();
    expect(settleHunk({ base, ours: theirs, theirs: ours }, place(path))).toBeUndefined();
  });
});
