import assert from "node:assert/strict";
import { test } from "node:test";
import { page, pageCount } from "../src/paginate.js";

test("counts whole pages", () => assert.equal(pageCount(20, 10), 2));
test("gives the first page", () => assert.deepEqual(page([1, 2, 3], 1, 2), [1, 2]));
