import type { Weakening } from "../../../../src/core/weakening.ts";
import type { ChangedText } from "../../../../src/healing/weakened/changed-text.ts";
import { weakenedTests } from "../../../../src/healing/weakened/weakened-tests.ts";
import { createSyntax } from "../../../../src/syntax/create-syntax.ts";

const syntax = await createSyntax();

/** Path, text of the base, text of the head. */
export type Change = readonly [path: string, base: string | undefined, head: string | undefined];

/** The findings over some changed files. */
export function findingsOf(...changes: readonly Change[]): Weakening[] {
  const files = changes.map(([path, base, head]): ChangedText => ({ path, base, head }));
  return weakenedTests(files, syntax);
}

/** Each finding in one line: kind, side, path and line. */
export function toldOf(...changes: readonly Change[]): string[] {
  return findingsOf(...changes).map(
    ({ kind, side, path, line }) => `${kind} ${side} ${path}:${line}`,
  );
}

/** A file of Vitest's with these lines behind its import. */
export function vitestFile(...lines: readonly string[]): string {
  return ['import { expect, it } from "vitest";', ...lines, ""].join("\n");
}
