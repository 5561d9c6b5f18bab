import assert from "node:assert/strict";
import { test } from "node:test";
import { report } from "../src/report.js";

test("writes text", () => assert.equal(report([{ a: 1, b: 2 }], "text"), "1 2"));
