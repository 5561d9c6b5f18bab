import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCsv } from "../src/csv.js";

const table = [
  ["", []],
  ["\n\n", []],
  ["a", [["a"]]],
  ["a,", [["a", ""]]],
  [",", [["", ""]]],
  ['"a,b",c', [["a,b", "c"]]],
  ['"a\nb",c\r\nd,e', [["a\nb", "c"], ["d", "e"]]],
  ['"a\r\nb"', [["a\r\nb"]]],
  ['"say ""hi""",x', [['say "hi"', "x"]]],
  ['""', [[""]]],
  ['"",""\n', [["", ""]]],
  ["a\r\nb\r\n", [["a"], ["b"]]],
  ['a"b,c', [['a"b', "c"]]],
];
for (const [text, rows] of table) {
  test(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(parseCsv(text), rows));
}
test("refuses a quote that is never closed", () => {
  assert.throws(() => parseCsv('"a,b'), SyntaxError);
});
