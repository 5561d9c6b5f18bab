import { ledgerContract } from "../contracts/ledger.contract.ts";
import { memoryLedger } from "./memory-ledger.ts";

ledgerContract("memory", async () => {
  let skew = 0;
  let ledger = memoryLedger(() => Date.now() + skew);
  return {
    ledger: {
      reserve: (wish) => ledger.reserve(wish),
      settle: (...at) => ledger.settle(...at),
      release: (one) => ledger.release(one),
      costOf: (task) => ledger.costOf(task),
      reconcile: () => ledger.reconcile(),
    },
    async expireAll() {
      skew += 2 * 3_600_000;
    },
    async clear() {
      skew = 0;
      ledger = memoryLedger(() => Date.now() + skew);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
});
