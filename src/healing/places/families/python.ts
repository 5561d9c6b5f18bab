import type { Rule } from "../rule.ts";

/** Tracebacks, pytest and unittest. */
export const python: readonly Rule[] = [
  { kind: "start", pattern: /^\s*Traceback \(most recent call last\):$/, innermost: "last" },
  {
    kind: "frame",
    pattern: /^(?:E\s+)?\s*File "(?<file>[^"]+)", line (?<line>\d+)(?:, in .*)?$/,
    innermost: "last",
  },
  { kind: "test", pattern: /^(?:FAIL|ERROR): (?<test>\w+) \([^)]*\)(?: \[.*)?$/ },
  { kind: "start", pattern: /^_{3,} ERROR collecting (?<file>\S+) _{3,}$/ },
  { kind: "test", pattern: /^_{3,} (?:ERROR at \w+ of )?(?<test>\S.*?) _{3,}$/ },
  { kind: "message", pattern: /^E\s{2,8}(?<message>\S.*)$/ },
  {
    kind: "frame",
    pattern: /^(?<file>[^\s:]+):(?<line>\d+): (?:in \S+|[\w.]*)$/,
    innermost: "last",
  },
  {
    kind: "row",
    pattern: /^(?:FAILED|ERROR) (?<file>[^\s:]+)::(?<test>[^\s]+)(?: - (?<message>.*))?$/,
  },
  { kind: "row", pattern: /^ERROR (?<file>[^\s:]+\.py)(?: - (?<message>.*))?$/ },
];
