import { expect, it } from "vitest";
import { createShared } from "../../../sandbox/environment/shared.ts";

it("who leaves last waits until nothing of the work is left", async () => {
  const share = createShared<string>();
  const [first, last] = [new AbortController(), new AbortController()];
  const cleaned = Promise.withResolvers<void>();
  const told: string[] = [];
  const work = async (signal: AbortSignal) => {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
    await cleaned.promise;
    told.push("cleaned");
    throw new Error("stopped");
  };
  const one = share("a", first.signal, work).catch(() => told.push("first left"));
  const other = share("a", last.signal, work).catch(() => told.push("last left"));

  first.abort();
  await one;
  last.abort();
  cleaned.resolve();
  await other;

  expect(told).toEqual(["first left", "cleaned", "last left"]);
});
