import { expect, it } from "vitest";
import { dollars, parseDollars, spentDollars } from "../../../src/core/dollars.ts";

it.each([
  ["2.50", 2_500_000],
  ["$2.50", 2_500_000],
  ["2.5$", 2_500_000],
  [" 5 ", 5_000_000],
  ["0.000001", 1],
  ["1000000", 1_000_000_000_000],
  ["0", undefined],
  ["0.0", undefined],
  ["0.0000001", undefined],
  ["1000000.1", undefined],
  ["99999999", undefined],
  ["-1", undefined],
  ["1e3", undefined],
  ["2,50", undefined],
  ["1.", undefined],
  [".5", undefined],
  ["", undefined],
  ["NaN", undefined],
  ["Infinity", undefined],
  ["0x10", undefined],
  ["٢", undefined],
  ["2 50", undefined],
])("%j is %s millionths of a dollar", (text, micros) => {
  expect(parseDollars(text)).toBe(micros);
});

it.each([
  [0, "$0.00", "$0.00"],
  [1, "$0.000001", "$0.0001"],
  [123_456, "$0.123456", "$0.1235"],
  [2_500_000, "$2.50", "$2.50"],
  [2_500_001, "$2.500001", "$2.51"],
  [1_234_567_890_000, "$1,234,567.89", "$1,234,567.89"],
])("%i millionths are %s, and %s where they were spent", (micros, exact, spent) => {
  expect(dollars(micros)).toBe(exact);
  expect(spentDollars(micros)).toBe(spent);
});
