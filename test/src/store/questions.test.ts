import { inject } from "vitest";
import { openStore } from "../../../src/store/store.ts";
import { questionsContract } from "../../contracts/questions.contract.ts";
import { freshDatabase } from "../../world/database.ts";

questionsContract("Postgres", async () => {
  const database = await freshDatabase(inject("databaseUrl"));
  const store = await openStore(database.url);
  return {
    ...store,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
});
