import assert from "node:assert/strict";
import { test } from "node:test";
import { retry } from "../src/retry.js";

const DAY = 86_400_000;
const fail = async () => {
  throw new Error("no");
};

test("does not pause after the last call", async () => {
  await assert.rejects(retry(fail, { tries: 1, pauseMs: DAY }), /no/);
});

test("a signal ends the pause, with its reason", async () => {
  const stop = new AbortController();
  let calls = 0;
  const run = retry(async () => {
    calls += 1;
    setImmediate(() => stop.abort(new Error("enough")));
    throw new Error("no");
  }, { tries: 5, pauseMs: DAY, signal: stop.signal });
  await assert.rejects(run, /enough/);
  assert.equal(calls, 1);
});

test("a signal from before means no call", async () => {
  let calls = 0;
  const run = retry(async () => void (calls += 1), { signal: AbortSignal.abort(new Error("never")) });
  await assert.rejects(run, /never/);
  assert.equal(calls, 0);
});

test("works without a signal", async () => {
  assert.equal(await retry(async (attempt) => attempt), 1);
  await assert.rejects(retry(fail, { tries: 2, pauseMs: 1 }), /no/);
});
