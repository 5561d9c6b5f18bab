import type { Attempt } from "./egress.ts";
import { LOG_MARK, UNKNOWN } from "./proxy-rules.ts";

const MOST_ATTEMPTS = 200;
const LONGEST_LINE = 1_024;

/** Collects what a proxy's log tells of requests. */
export interface AttemptLog {
  take(text: string): void;
  all(): readonly Attempt[];
}

/** An empty log. It keeps each host once per answer, 200 in all, whatever is written to it. */
export function keepAttempts(): AttemptLog {
  const seen = new Map<string, Attempt>();
  let rest = "";
  return {
    take(text) {
      const lines = (rest + text).split("\n");
      rest = (lines.pop() ?? "").slice(0, LONGEST_LINE);
      for (const line of lines) {
        const attempt = attemptOf(line);
        if (attempt && seen.size < MOST_ATTEMPTS)
          seen.set(`${attempt.allowed} ${attempt.host}`, attempt);
      }
    },
    all: () => [...seen.values()],
  };
}

// Squid writes hosts in lower case and escapes what is no part of a name.
const LINE = new RegExp(`^${LOG_MARK} ([A-Z_]+) (\\S+) ([!-~]{1,253}) (\\d{1,5}|-)$`);

function attemptOf(line: string): Attempt | undefined {
  const [, status = "", error, name = "-", port = "-"] = LINE.exec(line) ?? [];
  if (name === "-") return undefined;
  const usual = ["-", "80", "443"].includes(port);
  return {
    host: usual ? name : `${name}:${port}`,
    // A name that could not be looked up was allowed all the same.
    allowed: !status.includes("DENIED") || error === UNKNOWN,
  };
}
