import type { Rule } from "../rule.ts";

/** Node's own errors and its test runner, Vitest, Jest, Mocha and TAP. */
export const javascript: readonly Rule[] = [
  { kind: "test", pattern: /^\s*● Test suite failed to run$/ },
  { kind: "test", pattern: /^\s*● (?<test>\S.*)$/ },
  { kind: "test", pattern: /^\s*FAIL\s+(?:\|[^|\s]+\|\s+)?(?<file>[^\s>[]+)\s+> (?<test>\S.*)$/ },
  {
    kind: "start",
    pattern: /^\s*FAIL\s+(?:\|[^|\s]+\|\s+)?(?<file>[^\s>[]+)\s+\[ [^\]]*\]$/,
  },
  { kind: "heading", pattern: /^\s*FAIL\s+(?<file>[^\s>[]+)(?: \([\d.]+ m?s\))?$/ },
  { kind: "heading", pattern: /^test at (?<file>\S+?):\d+:\d+$/ },
  {
    kind: "test",
    pattern: /^\s*✖ (?!failing tests:|\d+ problems?\b)(?<test>\S.*?)(?: \([\d.]+m?s\))?$/,
  },
  {
    kind: "test",
    pattern: /^\s*not ok \d+ (?:- )?(?<test>\S[^#]*?)\s?(?:#(?! ?(?:skip|todo)).*)?$/i,
  },
  { kind: "test", pattern: /^\s{1,8}\d{1,4}\) (?<test>\S.*?):?$/ },
  { kind: "place", pattern: /^(?<file>(?:\/|file:\/\/|[A-Za-z]:[\\/])[^\s:]+):(?<line>\d+)$/ },
  {
    kind: "frame",
    pattern:
      /^\s*(?:at |❯ )(?:.*?[( ])?(?<file>(?:file:\/\/)?(?:[A-Za-z]:[\\/])?[^\s():]+):(?<line>\d+)(?::(?<column>\d+))?\)?(?: \{)?$/,
  },
  {
    kind: "frame",
    pattern:
      /^\s+(?=\S)[\w.<>$ ]+ \((?<file>(?:file:\/\/)?[^\s():]+):(?<line>\d+):(?<column>\d+)\)$/,
  },
  {
    kind: "start",
    pattern: /^(?:Uncaught )?(?<message>(?:[A-Za-z][\w$.]*)?(?:Error|Exception)\b.*)$/,
  },
  { kind: "message", pattern: /^\s+(?<message>(?:[A-Za-z][\w$.]*)?(?:Error|Exception)\b[ :[].*)$/ },
  { kind: "message", pattern: /^\s+error: ['"|](?<message>[^'"]+)['"]$/ },
];
