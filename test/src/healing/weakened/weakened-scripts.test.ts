import { describe, expect, it } from "vitest";
import { type Change, findingsOf, toldOf, vitestFile } from "./changes.ts";

const SUM = 'it("adds", () => { expect(sum(2, 2)).toBe(4); });';
const LESS = 'it("takes away", () => { expect(less(3, 1)).toBe(2); });';
const A = "a.test.ts";

describe("what makes JavaScript's tests prove less is found", () => {
  it.each<readonly [string, readonly Change[], readonly string[]]>([
    [
      "a test file that is gone",
      [[A, vitestFile(SUM, LESS), undefined]],
      ["deleted-test-file base a.test.ts:1"],
    ],
    [
      "a test that is gone",
      [[A, vitestFile(SUM, LESS), vitestFile(LESS)]],
      ["deleted-test base a.test.ts:2"],
    ],
    [
      "a test that is commented out",
      [[A, vitestFile(SUM, LESS), vitestFile(`// ${SUM}`, LESS)]],
      ["deleted-test base a.test.ts:2"],
    ],
    [
      "a test of which only another one's name is left",
      [
        [
          A,
          vitestFile(SUM, LESS),
          vitestFile('it("says hello", () => { expect(hello()).toBe("hi"); });', LESS),
        ],
      ],
      ["deleted-test base a.test.ts:2"],
    ],
    [
      "it.skip",
      [[A, vitestFile(SUM), vitestFile(SUM.replace("it(", "it.skip("))]],
      ["skipped head a.test.ts:2"],
    ],
    [
      "it.todo",
      [[A, vitestFile(SUM), vitestFile('it.todo("adds");')]],
      ["skipped head a.test.ts:2"],
    ],
    ["xit", [[A, vitestFile(SUM), vitestFile(`x${SUM}`)]], ["skipped head a.test.ts:2"]],
    [
      "describe.skip",
      [
        [
          A,
          vitestFile('describe("s", () => {', SUM, LESS, "});"),
          vitestFile('describe.skip("s", () => {', SUM, LESS, "});"),
        ],
      ],
      ["skipped head a.test.ts:2"],
    ],
    [
      "skip as an option of node:test",
      [
        [
          A,
          'test("adds", () => { assert.equal(sum(2, 2), 4); });\n',
          'test("adds", { skip: true }, () => { assert.equal(sum(2, 2), 4); });\n',
        ],
      ],
      ["skipped head a.test.ts:1"],
    ],
    [
      "a test that skips itself",
      [
        [
          A,
          'test("adds", (t) => { assert.equal(sum(2, 2), 4); });\n',
          'test("adds", (t) => {\n  t.skip();\n  assert.equal(sum(2, 2), 4);\n});\n',
        ],
      ],
      ["skipped head a.test.ts:2"],
    ],
    [
      "it.fails",
      [[A, vitestFile(SUM), vitestFile(SUM.replace("it(", "it.fails("))]],
      ["skipped head a.test.ts:2"],
    ],
    [
      "it.only",
      [[A, vitestFile(SUM, LESS), vitestFile(SUM.replace("it(", "it.only("), LESS)]],
      ["narrowed-run head a.test.ts:2"],
    ],
    [
      "a new test with only",
      [[A, vitestFile(SUM), vitestFile(SUM, LESS.replace("it(", "it.only("))]],
      ["narrowed-run head a.test.ts:3"],
    ],
    [
      "fdescribe",
      [[A, `describe("s", () => {\n${SUM}\n});\n`, `fdescribe("s", () => {\n${SUM}\n});\n`]],
      ["narrowed-run head a.test.ts:1"],
    ],
    [
      "an assertion that is gone",
      [
        [
          A,
          vitestFile('it("x", () => { expect(a()).toBe(1);', "expect(b()).toBe(2); });"),
          vitestFile('it("x", () => { expect(a()).toBe(1);', "b(); });"),
        ],
      ],
      ["weakened-assertion base a.test.ts:3"],
    ],
    [
      "an assertion that is commented out",
      [
        [
          A,
          vitestFile('it("x", () => {', "expect(a()).toBe(1);", "expect(b()).toBe(2); });"),
          vitestFile('it("x", () => {', "expect(a()).toBe(1);", "// expect(b()).toBe(2);", "});"),
        ],
      ],
      ["weakened-assertion base a.test.ts:4"],
    ],
    [
      "toBe that became toBeDefined",
      [[A, vitestFile(SUM), vitestFile(SUM.replace("toBe(4)", "toBeDefined()"))]],
      ["weakened-assertion head a.test.ts:2"],
    ],
    [
      "toEqual that became toBeTruthy",
      [
        [
          A,
          vitestFile('it("x", () => {', "expect(a()).toEqual([1]); });"),
          vitestFile('it("x", () => {', "expect(a()).toBeTruthy(); });"),
        ],
      ],
      ["weakened-assertion head a.test.ts:3"],
    ],
    [
      "an assertion of nothing",
      [[A, vitestFile(SUM), vitestFile('it("adds", () => { expect(true).toBe(true); });')]],
      ["weakened-assertion head a.test.ts:2"],
    ],
    [
      "a test without a body",
      [[A, vitestFile(SUM), vitestFile('it("adds", () => {});')]],
      ["emptied head a.test.ts:2"],
    ],
    [
      "a test that returns at once",
      [
        [
          A,
          vitestFile(SUM),
          vitestFile('it("adds", () => { return; expect(sum(2, 2)).toBe(4); });'),
        ],
      ],
      ["emptied head a.test.ts:2"],
    ],
    [
      "a helper that demands nothing any more",
      [
        [
          "test/helper.ts",
          "export function isFour(x) {\n  expect(x).toBe(4);\n}\n",
          "export function isFour(x) {\n}\n",
        ],
      ],
      ["weakened-assertion base test/helper.ts:2"],
    ],
  ])("%s", (_name, ...[changes, told]) => {
    expect(toldOf(...changes)).toEqual(told);
  });

  it("shows what stands there", () => {
    const [found] = findingsOf([
      A,
      vitestFile(SUM),
      vitestFile(SUM.replace("toBe(4)", "toBeDefined()")),
    ]);

    expect(found?.text).toBe("expect(sum(2,2)).toBe(4) → expect(sum(2,2)).toBeDefined()");
  });
});
