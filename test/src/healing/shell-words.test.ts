import { describe, expect, it } from "vitest";
import { simpleCommands, textOf } from "../../../src/healing/shell-words.ts";
import { seeded } from "../core/seeded.ts";

describe("a list of simple commands is understood", () => {
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ["prettier --check .", ["prettier --check ."]],
    [
      "tsc && eslint . ; prettier -c .\nnode x.js",
      ["tsc", "eslint .", "prettier -c .", "node x.js"],
    ],
    ["a || b", ["a", "b"]],
    ["  eslint   .  ", ["eslint ."]],
    [`prettier --check "src/**/*.{ts,js}" '*.md'`, [`prettier --check "src/**/*.{ts,js}" '*.md'`]],
    [`a "b && c" 'd; e'`, [`a "b && c" 'd; e'`]],
    ["CI=1 A='x y' eslint .", ["CI=1 A='x y' eslint ."]],
    ["cross-env CI=1 eslint .", ["CI=1 eslint ."]],
    ["eslint $FILES $MORE", ["eslint $FILES $MORE"]],
    ["eslint a\\ b", ["eslint a\\ b"]],
    [`eslint --ext=".ts"',.js'`, [`eslint --ext=".ts"',.js'`]],
    ["eslint src/#private", ["eslint src/#private"]],
    ["", []],
    [" ;; ", []],
  ];

  it.each(lists)("%j", (script, expected) => {
    expect(simpleCommands(script)?.map(textOf)).toEqual(expected);
  });

  it("with the words as the shell hands them over", () => {
    const [command] = simpleCommands(`eslint "a b"'c'd\\ e "x\\"y"`) ?? [];

    expect(command?.words.map(({ value }) => value)).toEqual(["eslint", "a bcd e", 'x"y']);
  });
});

describe("what needs a real shell is not guessed", () => {
  const others = [
    "eslint $(git ls-files)",
    "eslint `git ls-files`",
    'eslint "$(git ls-files)"',
    "eslint . | tee log",
    "eslint . > log",
    "eslint . 2>&1",
    "eslint < list",
    "eslint . &",
    "(eslint .)",
    "{ eslint .; }",
    "! eslint .",
    "if true; then eslint .; fi",
    "for f in *; do eslint $f; done",
    "cd packages/a && eslint .",
    "exec eslint .",
    "eslint . # comment",
    "eslint 'unclosed",
    'eslint "unclosed',
    "eslint \\",
    "eslint $'a'",
  ];

  it.each(others)("%j", (script) => {
    expect(simpleCommands(script)).toBeUndefined();
  });

  it("for any text: no error, and what is understood reads the same again, in a moment", () => {
    const random = seeded(61);
    const pieces = [
      ...Array.from("ab=-./*$\"'\\;&|<>(){}#`! \n"),
      "&&",
      "||",
      "eslint ",
      "$(",
      "$",
      "{x}",
    ];
    for (let round = 0; round < 5_000; round++) {
      const commands = simpleCommands(random.text(pieces, random.int(30)));

      const again = commands && simpleCommands(commands.map(textOf).join(" ; "));
      if (commands) expect(again?.map(textOf)).toEqual(commands.map(textOf));
    }
    const started = performance.now();
    for (const piece of pieces) simpleCommands(`a ${piece.repeat(20_000)}`);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});
