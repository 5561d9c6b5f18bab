import { describe, expect, test } from "vitest";
import { problemsOf, strictProblemsOf } from "../../../../src/merge/safety/check-merged.ts";
import { createSyntax } from "../../../../src/syntax/create-syntax.ts";
import { sidesOf, WORDS, type Words } from "./cases.ts";
import { SAFE, UNSAFE } from "./judged-cases.ts";

const syntax = await createSyntax();

/** Ours adds c and changes nothing else; theirs changes b, removes a and adds d. */
function told(words: Words, merged: readonly ("a" | "b" | "b2" | "c" | "d")[]): readonly string[] {
  const text = (parts: readonly ("a" | "b" | "b2" | "c" | "d")[]) =>
    words.head + parts.map((part) => words[part]).join("") + words.tail;
  const sides = {
    path: words.path,
    base: text(["a", "b"]),
    ours: text(["a", "b", "c"]),
    theirs: text(["b2", "d"]),
  };
  return problemsOf(sides, text(merged), syntax);
}

describe.each(WORDS)("in $path", (words) => {
  test("a merge with what both sides did is safe", () => {
    expect(told(words, ["b2", "c", "d"])).toEqual([]);
  });

  test("the order of what was added is free", () => {
    expect(told(words, ["d", "b2", "c"])).toEqual([]);
  });

  test("what ours added may not be lost", () => {
    expect(told(words, ["b2", "d"])).toContainEqual(
      expect.stringContaining(`${words.lost} that ours added is gone`),
    );
  });

  test("what theirs removed may not come back", () => {
    expect(told(words, ["a", "b2", "c", "d"])).toContainEqual(expect.stringContaining("is back"));
  });

  test("what both sides kept may not be lost", () => {
    expect(told(words, ["c", "d"])).not.toEqual([]);
  });

  test("what one side added may not stand twice", () => {
    expect(told(words, ["b2", "c", "d", "c"])).toContainEqual(
      expect.stringContaining("stands twice in one scope"),
    );
  });
});

test.each(SAFE)("safe: $name", (the) => {
  const problems = problemsOf(sidesOf(the), the.merged, syntax);

  expect(problems).toEqual([]);
});

test.each(UNSAFE)("unsafe: $name", (the) => {
  const problems = problemsOf(sidesOf(the), the.merged, syntax);

  expect(problems).toContainEqual(expect.stringContaining(the.says));
});

test("a statement that is lost is seen by the strict check alone", () => {
  const sides = {
    path: "a.ts",
    base: "run(1);\n",
    ours: "run(1);\nstop(2);\n",
    theirs: "run(1);\nrun(3);\n",
  };

  const loose = problemsOf(sides, "run(1);\nrun(3);\n", syntax);
  const strict = strictProblemsOf(sides, "run(1);\nrun(3);\n", syntax);

  expect(loose).toEqual([]);
  expect(strict).toEqual(["the word `stop` that ours added is gone"]);
});

test("what a side added once more to what was there is not told to be back", () => {
  const text = (times: number) =>
    "function f(a: number) { if (a) { const x = a; } }\n".repeat(times);
  const sides = { path: "a.ts", base: text(1), ours: text(2), theirs: text(2) };

  const problems = problemsOf(sides, text(4), syntax);

  expect(problems).toEqual(["the function `f` stands twice in one scope"]);
});

test("no more than twenty problems are told", () => {
  const names = Array.from({ length: 100 }, (_, index) => `const a${index} = 1;\n`).join("");

  const problems = problemsOf({ path: "a.ts", base: "", ours: names, theirs: "" }, "", syntax);

  expect(problems).toHaveLength(20);
});

test("a name is told in one line, cut and without marks that end a quotation", () => {
  const name = `"${"`\\n".repeat(10)}${"x".repeat(200)}"`;
  const ours = `export default { ${name}: 1 };\n`;

  const [problem] = problemsOf(
    { path: "a.ts", base: "", ours, theirs: "" },
    "export default {};\n",
    syntax,
  );

  expect(problem).toMatch(/^the key `[^`\n]{1,90}…` that ours added is gone$/);
});

test.each([
  ["a.ts", "\0\0"],
  ["a.ts", "\ud800"],
  ["a.ts", "((((".repeat(3000)],
  ["a.json", "[".repeat(10_000)],
  ["a.md", "> ".repeat(1000)],
  ["", ""],
  ["__proto__", "constructor\n__proto__\n"],
  ["a.ts", "const constructor = 1, __proto__ = 2;\n"],
  ["a.bin", "\uFFFD\u0001\r\n\r"],
])("%s with a text nobody writes (%j) is judged without an error", (path, text) => {
  const problems = problemsOf({ path, base: text, ours: text, theirs: text }, text, syntax);

  expect(problems).toEqual([]);
});
