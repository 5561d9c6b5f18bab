import { questionsContract } from "../contracts/questions.contract.ts";
import { createMemoryRecord } from "./memory-record.ts";

// A clock that moves with each look: what comes later is later.
let now = 1_000_000;

questionsContract("the fake in memory", async () => ({
  ...createMemoryRecord(() => ++now),
  [Symbol.asyncDispose]: async () => undefined,
}));
