import type { Rule } from "../rule.ts";

/** What rustc, Clippy, Ruff and `cargo test` say: first what is wrong, then where. */
export const rust: readonly Rule[] = [
  {
    kind: "start",
    pattern: /^(?<severity>error|warning)(?:\[(?<code>[\w:-]+)\])?: (?<message>\S.*)$/,
  },
  { kind: "start", pattern: /^(?<code>[A-Z]{1,4}\d{2,4}) (?:\[\*\] )?(?<message>\S.*)$/ },
  { kind: "start", pattern: /^(?<code>invalid-syntax): (?<message>\S.*)$/ },
  { kind: "place", pattern: /^\s*--> (?<file>[^\s:]+):(?<line>\d+):(?<column>\d+)$/ },
  { kind: "test", pattern: /^---- (?<test>\S+) stdout ----$/ },
  {
    kind: "start",
    pattern:
      /^thread '(?<test>[^']*)'(?: \(\d+\))? panicked at (?<file>[^\s:']+):(?<line>\d+):(?<column>\d+):$/,
  },
  {
    kind: "start",
    pattern:
      /^thread '(?<test>[^']*)' panicked at '(?<message>.*)', (?<file>[^\s:']+):(?<line>\d+):(?<column>\d+)$/,
  },
];
