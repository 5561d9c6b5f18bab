import assert from "node:assert/strict";
import { test } from "node:test";
import { mean } from "../src/mean.ts";
import { sum } from "../src/sum.ts";

test("the sum of nothing is 0", () => assert.equal(sum([]), 0));
test("numbers are added", () => assert.equal(sum([1, 2, 3]), 6));
test("the mean is the sum over the count", () =>
  assert.equal(mean([1, 2, 3]), 2));
test("there is no mean of nothing", () =>
  assert.throws(() => mean([]), RangeError));
