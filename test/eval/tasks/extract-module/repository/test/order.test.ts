import assert from "node:assert/strict";
import { test } from "node:test";
import { print, subtotal, tax } from "../src/order.ts";

const lines = [{ name: "tea", cents: 250, count: 2 }];

test("adds up", () => assert.equal(subtotal(lines), 500));
test("taxes", () => assert.equal(tax(500), 95));
test("prints", () => assert.equal(print(lines), "2 x tea: 500\nnet 500\ntax 95\nsum 595"));
