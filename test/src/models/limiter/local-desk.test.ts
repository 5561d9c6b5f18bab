import { createLocalDesk } from "../../../../src/models/limiter/local-desk.ts";
import { deskContract } from "../../../contracts/desk.contract.ts";

deskContract("a desk of one process", async () => {
  let now = 1_000_000;
  return {
    desk: createLocalDesk(() => now),
    async pass(ms) {
      now += ms;
    },
    async [Symbol.asyncDispose]() {},
  };
});
