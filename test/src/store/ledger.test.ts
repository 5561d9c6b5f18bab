import { inject } from "vitest";
import { openStore } from "../../../src/store/store.ts";
import { ledgerContract } from "../../contracts/ledger.contract.ts";
import { freshDatabase } from "../../world/database.ts";

ledgerContract("Postgres", async () => {
  const database = await freshDatabase(inject("databaseUrl"));
  const store = await openStore(database.url);
  return {
    ledger: store.ledger,
    async expireAll() {
      await database.sql("update nexus.spendings set expires_at = now() - interval '1 s'");
    },
    async clear() {
      await database.sql("truncate nexus.spendings, nexus.budgets");
    },
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
});
