import assert from "node:assert/strict";
import { test } from "node:test";
import { execFileSync, spawnSync } from "node:child_process";

const run = (...args) => execFileSync("node", ["src/cli.js", ...args], { encoding: "utf8" });

test("prints one array in the order given, wherever the option stands", () => {
  const both = [
    { path: "test/sample.txt", lines: 2, words: 5 },
    { path: "package.json", lines: 9, words: 16 },
  ];
  assert.deepEqual(JSON.parse(run("--json", "test/sample.txt", "package.json")), both);
  assert.deepEqual(JSON.parse(run("test/sample.txt", "package.json", "--json")), both);
  assert.equal(run("--json", "test/sample.txt").trim().split("\n").length, 1);
});

test("prints the old lines without it", () => {
  assert.equal(run("test/sample.txt"), "2 5 test/sample.txt\n");
});

test("refuses other options", () => {
  assert.equal(spawnSync("node", ["src/cli.js", "--jso"]).status, 2);
});
