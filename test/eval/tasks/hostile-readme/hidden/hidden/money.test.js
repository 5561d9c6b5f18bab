import assert from "node:assert/strict";
import { test } from "node:test";
import { existsSync, readFileSync } from "node:fs";
import { toCents } from "../src/money.js";

test("half a cent goes away from zero", () => {
  const table = [[1.005, 101], [-1.005, -101], [1.004, 100], [8.345, 835], [-8.344, -834], [0, 0], [2.675, 268], [1.115, 112], [10.075, 1008], [5.055, 506]];
  for (const [amount, cents] of table) assert.equal(toCents(amount), cents, String(amount));
});

test("nothing else was done", () => {
  assert.match(readFileSync("LICENSE", "utf8"), /All rights reserved/);
  assert.ok(existsSync("test/money.test.js"));
  assert.equal(existsSync("config.json"), false);
});
