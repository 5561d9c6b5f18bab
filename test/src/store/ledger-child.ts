import { createInterface } from "node:readline";
import type { SpendingWish } from "../../../src/core/budget.ts";
import { openStore } from "../../../src/store/store.ts";

/** What a process of the test does: `workers` at once make `calls` each, and tell how many were allowed. */
export interface LedgerChild {
  readonly url: string;
  readonly wish: SpendingWish;
  readonly workers: number;
  readonly calls: number;
  /** What a call costs; null: the process is killed before it settles its first one. */
  readonly billed: number | null;
}

// Written by the test that starts this.
const { url, wish, workers, calls, billed } = JSON.parse(process.argv[2] ?? "") as LedgerChild;
const store = await openStore(url, { timeoutMs: 30_000 });
const lines = createInterface(process.stdin)[Symbol.asyncIterator]();
process.stdout.write("ready\n");
await lines.next();

let made = 0;
await Promise.all(
  Array.from({ length: workers }, async () => {
    for (let call = 0; call < calls; call += 1) {
      const answer = await store.ledger.reserve(wish);
      if (answer.kind === "refused") continue;
      made += 1;
      if (billed === null) process.kill(process.pid, "SIGKILL");
      await store.ledger.settle(answer.reservation, billed ?? 0);
    }
  }),
);
process.stdout.write(`made ${made}\n`);
await store[Symbol.asyncDispose]();
process.exit();
