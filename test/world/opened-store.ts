import { inject, onTestFinished } from "vitest";
import { openStore } from "../../src/store/store.ts";
import { freshDatabase } from "./database.ts";

/** A store in a database of its own, for the test that runs; both are gone after it. */
export async function openedStore() {
  const database = await freshDatabase(inject("databaseUrl"));
  const store = await openStore(database.url);
  onTestFinished(async () => {
    await store[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });
  return { database, store };
}
