import type { Rule } from "../rule.ts";

/** TypeScript, and the common form of most others, `file:line:column: message`. */
export const compilers: readonly Rule[] = [
  {
    kind: "row",
    pattern:
      /^(?<file>(?:[A-Za-z]:[\\/])?[^\s:(][^:]*?)\((?<line>\d+),(?<column>\d+)\): (?<severity>error|warning) (?<code>\w+): (?<message>.*)$/,
  },
  {
    kind: "row",
    pattern:
      /^\s*(?:(?:vet|e|w): |\[ERROR\] )?(?<file>(?:file:\/\/)?(?:[A-Za-z]:[\\/])?[^\s:]+):(?<line>\d+)(?::(?<column>\d+))?(?:-\d+)?(?: -|:)?\s{1,8}(?:(?<severity>fatal error|error|warning|note|info|hint|help)\b:?\s{0,8})?(?:(?<code>[A-Z]{1,6}\d{2,5}):? )?(?<message>\S.*?)(?: {1,2}[[(](?<rule>[\w@/-]+)[\])])?$/,
  },
  { kind: "row", pattern: /^(?<file>[^\s:]+): line (?<line>\d+): (?<message>\S.*)$/ },
  {
    kind: "row",
    pattern: /^(?<message>\S.*?) (?:in|at) (?<file>[^\s:]+) (?:on )?line (?<line>\d+)\b.*$/,
  },
];
