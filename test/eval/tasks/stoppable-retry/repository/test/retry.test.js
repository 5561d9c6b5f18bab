import assert from "node:assert/strict";
import { test } from "node:test";
import { retry } from "../src/retry.js";

test("tries again", async () => {
  const result = await retry(async (attempt) => {
    if (attempt < 3) throw new Error("no");
    return attempt;
  }, { pauseMs: 1 });

  assert.equal(result, 3);
});
