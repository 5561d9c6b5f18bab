import { describe, expect, it } from "vitest";
import { stablePlaces } from "../../../../src/merge/structure/stable-order.ts";

describe("what kept its order", () => {
  it.each([
    [[], []],
    [
      [0, 1, 2],
      [0, 1, 2],
    ],
    [
      [2, 0, 1],
      [1, 2],
    ],
    [
      [0, 3, 1, 2],
      [0, 2, 3],
    ],
    [[2, 1, 0], [2]],
  ])("of %j are the places %j", (numbers, places) => {
    expect([...stablePlaces(numbers)].toSorted((left, right) => left - right)).toEqual(places);
  });
});
