import { expect, it } from "vitest";
import { placesOn, thisMachine } from "../../jobs/places.ts";

it.each([
  ["two for each core", { cores: 2, memoryMb: 24_000 }, 2_048, 4],
  [
    "as many as sandboxes fit into three quarters of the memory",
    { cores: 16, memoryMb: 16_384 },
    2_048,
    6,
  ],
  ["more of them where sandboxes are smaller", { cores: 16, memoryMb: 16_384 }, 1_024, 12],
  ["one on a machine that is too small for a sandbox", { cores: 1, memoryMb: 1_024 }, 2_048, 1],
])("a machine has room for %s", (...[, machine, sandboxMb, places]) => {
  expect(placesOn(machine, sandboxMb)).toBe(places);
});

it("this machine has room for somebody", () => {
  const { cores, memoryMb } = thisMachine();

  expect(cores).toBeGreaterThanOrEqual(1);
  expect(memoryMb).toBeGreaterThan(100);
});
