import type { Rule } from "../rule.ts";

/** ESLint, Biome, Prettier, esbuild and others that lay their complaints out for people. */
export const linters: readonly Rule[] = [
  {
    kind: "row",
    pattern:
      /^\s{1,8}(?<line>\d+):(?<column>\d+)\s{1,8}(?<severity>error|warning)\s{1,8}(?<message>\S.*?)(?:\s{2,8}(?<code>[\w@/-]+))?$/,
  },
  {
    kind: "start",
    pattern:
      /^(?<file>[^\s:]+):(?<line>\d+):(?<column>\d+) (?<code>[a-z][\w/-]*)\s{1,8}(?:[A-Z]+\s{1,8})?━+$/,
  },
  { kind: "start", pattern: /^(?<file>[^\s:]+) (?<code>format|organizeImports|assist[\w/]*) ━+$/ },
  { kind: "message", pattern: /^ {2}× (?<message>\S.*)$/ },
  {
    kind: "row",
    pattern: /^\[error\] (?<file>[^\s:]+): (?<message>.*) \((?<line>\d+):(?<column>\d+)\)$/,
  },
  { kind: "row", pattern: /^\[(?:warn|error)\] (?<file>[^\s:]+)$/ },
  { kind: "row", pattern: /^would reformat (?<file>\S+)$/ },
  { kind: "start", pattern: /^\s*[✘✗X] \[ERROR\] (?<message>\S.*)$/ },
  { kind: "place", pattern: /^\s{2,8}(?<file>[^\s:]+):(?<line>\d+):(?<column>\d+):$/ },
  { kind: "place", pattern: /^file: (?<file>[^\s:]+)(?::(?<line>\d+):(?<column>\d+))?$/ },
  { kind: "heading", pattern: /^(?<file>(?:[A-Za-z]:[\\/])?[^\s:]+\.\w+)$/ },
];
