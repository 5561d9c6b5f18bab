import { expect, it } from "vitest";
import { costText } from "../../../src/conversation/cost-text.ts";
import type { CheckResult } from "../../../src/core/evidence.ts";
import { check } from "./facts.ts";

const DIGEST = "0123456789abcdef".repeat(4);

const costs: readonly (readonly [string, Partial<CheckResult>, string | undefined])[] = [
  ["nobody measured", {}, undefined],
  ["could not be read", { peaks: {} }, undefined],
  ["took one process", { peaks: { processes: 1 } }, "At most 1 process."],
  ["took 999 bytes", { peaks: { memoryBytes: 999 } }, "At most 999 bytes of memory."],
  ["took a little more", { peaks: { memoryBytes: 1_000 } }, "At most 1.0 KB of memory."],
  ["almost took a megabyte", { peaks: { diskBytes: 999_600 } }, "At most 1.0 MB written."],
  ["took terabytes", { peaks: { memoryBytes: 5e12 } }, "At most 5000 GB of memory."],
  [
    "has a log that was cut off",
    { log: { digest: DIGEST, bytes: 64_000_000, truncated: true } },
    `Log, cut off at 64 MB: \`${DIGEST}\`.`,
  ],
];

it.each(costs)("the cost of a check that %s", (_name, changes, expected) => {
  expect(costText(check(changes))).toBe(expected);
});
