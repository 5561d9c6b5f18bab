import { describe, expect, it } from "vitest";
import { union } from "../../../../src/merge/lines/union.ts";

interface Case {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
  readonly base?: string;
  readonly ours: string;
  readonly theirs: string;
}

describe("entries that both sides changed", () => {
  it.each<[string, Case & { text: string }]>([
    [
      "imports of TypeScript, sorted as they were",
      {
        path: "a.ts",
        before: 'import { a } from "./a.ts";\n',
        after: 'import { z } from "./z.ts";\n',
        ours: 'import { m } from "./m.ts";\n',
        theirs: 'import { b } from "./b.ts";\n',
        text: 'import { b } from "./b.ts";\nimport { m } from "./m.ts";\n',
      },
    ],
    [
      "imports of Python, ours first where nothing is sorted",
      {
        path: "a.py",
        before: "import zlib\n",
        after: "import ast\n",
        ours: "from os import sep\n",
        theirs: "import json\n",
        text: "from os import sep\nimport json\n",
      },
    ],
    [
      "uses of Rust, one removed and one added",
      {
        path: "a.rs",
        base: "use std::fs;\nuse std::io;\n",
        ours: "use std::io;\n",
        theirs: "use std::fs;\nuse std::io;\nuse std::path::Path;\n",
        text: "use std::io;\nuse std::path::Path;\n",
      },
    ],
    [
      "keys of JSON, the last one without a comma",
      {
        path: "package.json",
        base: '    "a": "1"\n',
        ours: '    "a": "1",\n    "b": "2"\n',
        theirs: '    "a": "1",\n    "c": "3"\n',
        text: '    "a": "1",\n    "b": "2",\n    "c": "3"\n',
      },
    ],
    [
      "keys of TOML",
      {
        path: "Cargo.toml",
        base: 'anyhow = "1.0"\n',
        ours: 'anyhow = "1.0"\nbytes = "1"\n',
        theirs: 'anyhow = "1.1"\n',
        text: 'anyhow = "1.1"\nbytes = "1"\n',
      },
    ],
    [
      "ignored patterns",
      { path: ".gitignore", ours: "dist\n", theirs: "coverage\n", text: "dist\ncoverage\n" },
    ],
    [
      "required packages, one of them added by both",
      {
        path: "requirements.txt",
        ours: "flask==2.0\nrich==1\n",
        theirs: "flask==2.0\nattrs>=3\n",
        text: "flask==2.0\nrich==1\nattrs>=3\n",
      },
    ],
    [
      "names in the braces of an import",
      {
        path: "a.ts",
        before: "import {\n  a,\n",
        after: '} from "x";\n',
        ours: "  b,\n",
        theirs: "  c,\n",
        text: "  b,\n  c,\n",
      },
    ],
  ])("%s", (_name, { text, ...given }) => {
    expect(united(given)?.text).toBe(text);
    expect(lines(turned(given))).toEqual(lines(given));
  });

  it.each<[string, Case]>([
    ["two versions of one package", { path: "requirements.txt", ours: "a==1\n", theirs: "a==2\n" }],
    ["two values of one key", { path: "a.json", ours: '"a": 1,\n', theirs: '"a": 2,\n' }],
    [
      "a key that one side removed and the other changed",
      {
        path: "a.json",
        base: '"a": 1,\n"b": 1,\n',
        ours: '"b": 1,\n',
        theirs: '"a": 2,\n"b": 1,\n',
      },
    ],
    [
      "one name from two modules",
      { path: "a.ts", ours: 'import { a } from "x";\n', theirs: 'import { a } from "y";\n' },
    ],
    [
      "two imports from one module",
      { path: "a.ts", ours: 'import { a } from "x";\n', theirs: 'import { b } from "x";\n' },
    ],
    ["imports for their effects", { path: "a.ts", ours: 'import "x";\n', theirs: 'import "y";\n' }],
    ["patterns that take others back", { path: ".gitignore", ours: "!a\n", theirs: "b*\n" }],
    ["statements", { path: "a.ts", ours: "a();\n", theirs: "b();\n" }],
    [
      "arguments of a call",
      { path: "a.ts", before: "call(\n  x,\n", after: ");\n", ours: "  a,\n", theirs: "  b,\n" },
    ],
    [
      "members of an array",
      { path: "a.ts", before: "const order = [\n", ours: "  a,\n", theirs: "  b,\n" },
    ],
    [
      "keys of which nobody knows whether a comma ends them",
      { path: "a.json", ours: '"a": 1\n', theirs: '"b": 1\n' },
    ],
    [
      "values over several lines",
      { path: "a.json", ours: '"a": {\n"x": 1\n},\n', theirs: '"b": 1,\n' },
    ],
  ])("stay a conflict: %s", (_name, given) => {
    expect(united(given)).toBeUndefined();
    expect(united(turned(given))).toBeUndefined();
  });
});

function united({ path, before, after, base, ours, theirs }: Case) {
  return union(
    { base: base ?? "", ours, theirs },
    { path, language: undefined, before: before ?? "", after: after ?? "" },
  );
}

function turned(given: Case): Case {
  return { ...given, ours: given.theirs, theirs: given.ours };
}

function lines(given: Case): readonly string[] {
  return (united(given)?.text ?? "").replaceAll(",", "").split("\n").sort();
}
