import { sum } from "./sum.ts";

/** The arithmetic mean; throws a RangeError for no numbers. */
export function mean(numbers: readonly number[]): number {
  if (numbers.length === 0) throw new RangeError("no numbers");
  return sum(numbers) / numbers.length;
}
