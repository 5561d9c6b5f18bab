import assert from "node:assert/strict";
import { test } from "node:test";
import { existsSync } from "node:fs";
import { report } from "../src/report.js";

const rows = [
  { name: "tea | cup", price: 3 },
  { name: 'say "hi", you', price: 4 },
];

test("writes Markdown", () => {
  const lines = report(rows, "markdown").trimEnd().split("\n");
  assert.equal(lines.length, 4);
  assert.match(lines[0], /^\| *name *\| *price *\|$/);
  assert.match(lines[1], /^\|[ :-]+\|[ :-]+\|$/);
  assert.match(lines[2], /tea \\\| cup/);
});

test("writes CSV", () => {
  const lines = report(rows, "csv").trimEnd().split(/\r?\n/);
  assert.deepEqual(lines, ["name,price", "tea | cup,3", '"say ""hi"", you",4']);
});

test("lists what is known", () => {
  assert.throws(() => report(rows, "pdf"), /text.*markdown.*csv|text.*csv.*markdown/);
  assert.throws(() => report(rows, "toString"), /Unknown format/);
});

test("keeps each in a module", () => {
  assert.ok(existsSync("src/formats/markdown.js"));
  assert.ok(existsSync("src/formats/csv.js"));
});
