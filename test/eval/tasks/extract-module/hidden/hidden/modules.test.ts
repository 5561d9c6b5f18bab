import assert from "node:assert/strict";
import { test } from "node:test";
import { readFileSync } from "node:fs";
import * as order from "../src/order.ts";
import * as pricing from "../src/pricing.ts";
import { receipt } from "../src/receipt.ts";

const lines = [{ name: "tea", cents: 333, count: 3 }];

test("each module exports its own", () => {
  assert.deepEqual(Object.keys(order), ["print"]);
  assert.equal(pricing.subtotal(lines), 999);
  assert.equal(pricing.tax(999), 190);
});

test("what is printed is as before", () => {
  assert.equal(order.print(lines), "3 x tea: 999\nnet 999\ntax 190\nsum 1189");
  assert.equal(receipt([]), undefined);
  assert.match(receipt(lines) ?? "", /^Receipt\n3 x tea/);
});

test("nothing is there twice", () => {
  assert.doesNotMatch(readFileSync("src/order.ts", "utf8"), /VAT|interface Line/);
});
