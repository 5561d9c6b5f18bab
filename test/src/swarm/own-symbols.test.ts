import { describe, expect, it } from "vitest";
import { isNamed, symbolProblem } from "../../../src/swarm/own-symbols.ts";
import { createSyntax } from "../../../src/syntax/create-syntax.ts";

const CODE = `import { a, b } from "./a.ts";

/** Mine. */
export function mine(x: number) {
  return x + a;
}

/** Theirs. */
export function theirs(x: number) {
  return x + b;
}

export class Box {
  open() { return 1; }
  close() { return 2; }
}
`;

const problemOf = async (names: string[], from: string, to: string) =>
  symbolProblem(
    { path: "src/a.ts", names, before: CODE, after: CODE.replace(from, to) },
    await createSyntax(),
  );

describe("a change to a file of which only some parts are the item's own", () => {
  it.each([
    ["inside its own function", "return x + a;", "const y = a;\n  return x + y;"],
    ["of the comment above it", "/** Mine. */", "/** Mine, and\n * more. */"],
    ["that takes it away", CODE.slice(CODE.indexOf("/** Mine"), CODE.indexOf("/** Theirs")), ""],
    ["of its signature", "mine(x: number)", "mine(x: number, y = 2)"],
    ["that adds a function", "/** Theirs. */", "function fresh() {}\n\n/** Theirs. */"],
    [
      "that adds a function at the end",
      "return 2; }\n}\n",
      "return 2; }\n}\n\nexport const fresh = 1;\n",
    ],
    ["that adds an import", "import {", 'import { c } from "./c.ts";\nimport {'],
    ["that adds to an import", "{ a, b }", "{ a, b, c }"],
    ["of blank lines", "\n\n/** Theirs", "\n\n\n/** Theirs"],
  ])("is allowed %s", async (_, from, to) => {
    expect(await problemOf(["mine"], from, to)).toBeUndefined();
  });

  it.each([
    ["inside another one", "return x + b;", "return x;", "changes something else"],
    ["of another one's comment", "/** Theirs. */", "/** Mine now. */", "changes something else"],
    ["that renames another one", "function theirs", "function ours", "changes something else"],
    [
      "that takes another one away",
      CODE.slice(CODE.indexOf("/** Theirs"), CODE.indexOf("export class")),
      "",
      "changes something else",
    ],
    [
      "that moves it into another one",
      "return x + b;",
      "function fresh() {}\n  return x + b;",
      "changes something else",
    ],
    ["of a method of another class", "return 1;", "return 5;", "changes something else"],
    [
      "that writes another one a second time",
      "export class",
      "export function theirs() {}\nexport class",
      "changes something else",
    ],
    ["that takes an import away", "{ a, b }", "{ a }", "takes away an import: b"],
    ["that leaves it broken", "return x + a;\n}", "return x + a;", "could not be parsed"],
    [
      "that adds a statement",
      "export class",
      "sideEffect();\nexport class",
      "changes something else",
    ],
  ])("is refused %s", async (...[, from, to, word]) => {
    const problem = await problemOf(["mine"], from, to);

    expect(problem).toContain(word);
    expect(problem).toContain("Of src/a.ts your work item may change only mine");
  });

  it.each([
    ["Box.open", "return 1;", true],
    ["Box#open", "return 1;", true],
    ["Box::open()", "return 1;", true],
    ["open", "return 1;", true],
    ["open", "return 2;", false],
    ["Box", "return 2;", true],
    ["ox", "return 2;", false],
    ["fresh", "return 2;", false],
  ])("%s as a name covers %s: %s", async (name, from, isAllowed) => {
    const problem = await problemOf([name], from, "return 9;");

    expect(problem === undefined).toBe(isAllowed);
  });

  it("is refused where no parser knows the file, or what is in it", async () => {
    const change = { names: ["x"], before: "a", after: "b" };
    const syntax = await createSyntax();

    for (const path of ["a.rb", "a.html", "Makefile"])
      expect(symbolProblem({ ...change, path }, syntax)).toContain("no parser");
    expect(symbolProblem({ ...change, path: "a.ts" }, undefined)).toContain("no parser");
    const broken = { path: "a.ts", names: ["x"], before: "function (", after: "const x = 1;" };
    expect(symbolProblem(broken, syntax)).toContain("cannot be parsed as it is");
  });

  it("may be all of a file that is new", async () => {
    const change = {
      path: "src/new.ts",
      names: ["x"],
      before: "",
      after: "export const x = 1;\nexport const y = 2;\n",
    };

    expect(symbolProblem(change, await createSyntax())).toBeUndefined();
  });

  it("covers sections of a document", async () => {
    const before = "# Shop\n\nIntro.\n\n## Use\n\nOld.\n\n## Limits\n\nNone.\n";
    const syntax = await createSyntax();
    const problem = (from: string, to: string) =>
      symbolProblem(
        { path: "README.md", names: ["Use"], before, after: before.replace(from, to) },
        syntax,
      );

    expect(problem("Old.", "New.\n\n### More\n\nText.")).toBeUndefined();
    expect(problem("None.", "Many.")).toContain("changes something else");
    expect(problem("Intro.", "Hi.")).toContain("changes something else");
  });
});

it.each([
  ["Host.#hidden", "Host.#hidden"],
  ["Host.#hidden", "#hidden"],
  ["Host.serve", "Host#serve"],
  ["Host.serve", "Host::serve()"],
  ["Host.serve", "#serve"],
  ["serve", "serve()"],
])("%s is meant by %s", (name, meant) => {
  expect(isNamed(name, meant)).toBe(true);
});

it.each([
  ["Host.#hidden", "Host.hidden"],
  ["Host.serve", "Guest.serve"],
  ["Host.observe", "serve"],
  ["Host", " "],
])("%s is not meant by %j", (name, meant) => {
  expect(isNamed(name, meant)).toBe(false);
});
