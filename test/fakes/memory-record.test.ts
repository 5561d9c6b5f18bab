import { recordContract } from "../contracts/record.contract.ts";
import { createMemoryRecord } from "./memory-record.ts";

recordContract("the fake in memory", async () => ({
  ...createMemoryRecord(),
  [Symbol.asyncDispose]: async () => undefined,
}));
