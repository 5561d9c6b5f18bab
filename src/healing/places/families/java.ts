import type { Rule } from "../rule.ts";

/** Maven with Surefire, and Gradle; what javac says has the common form. */
export const java: readonly Rule[] = [
  {
    kind: "row",
    pattern: /^\[ERROR\] (?<file>[^\s[]+):\[(?<line>\d+),(?<column>\d+)\] (?<message>.*)$/,
  },
  { kind: "test", pattern: /^(?<test>\w[\w.$]* > .+) FAILED$/ },
  { kind: "test", pattern: /^\[ERROR\] (?<test>[\w.$]+(?:\(\))?)\s.*<<< (?:FAILURE|ERROR)!$/ },
  {
    kind: "start",
    pattern: /^\s+(?<message>[\w.$]+(?:Error|Exception)) at (?<file>\w+\.\w+):(?<line>\d+)$/,
  },
];
