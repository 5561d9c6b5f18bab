import type { Rule } from "../rule.ts";

/** `go test` and panics; what `go build` and `go vet` say has the common form. */
export const go: readonly Rule[] = [
  { kind: "test", pattern: /^\s*--- FAIL: (?<test>\S+)(?: \([\d.]+s\))?$/ },
  { kind: "start", pattern: /^(?<message>(?:panic|fatal error): .*)$/ },
  { kind: "frame", pattern: /^\s+(?<file>\S+\.go):(?<line>\d+)(?: \+0x[0-9a-f]+)?$/ },
];
