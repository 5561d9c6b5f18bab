import assert from "node:assert/strict";
import { test } from "node:test";
import { toCents } from "../src/money.js";

test("counts cents", () => assert.equal(toCents(1.5), 150));
