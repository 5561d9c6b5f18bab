import assert from "node:assert/strict";
import { test } from "node:test";
import { page, pageCount } from "../src/paginate.js";

test("every entry is on exactly one page", () => {
  for (let total = 0; total <= 40; total += 1) {
    for (let size = 1; size <= 12; size += 1) {
      const entries = Array.from({ length: total }, (_, index) => index);
      const pages = Array.from({ length: pageCount(total, size) }, (_, index) => page(entries, index + 1, size));
      assert.deepEqual(pages.flat(), entries);
      assert.ok(pages.length >= 1);
      assert.ok(total === 0 || pages.every((one) => one.length > 0));
    }
  }
});

test("refuses pages that there are not", () => {
  for (const number of [0, -1, 3, 1.5]) assert.throws(() => page([1, 2, 3], number, 2), RangeError);
});
