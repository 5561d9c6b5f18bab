import type { ErrorCode } from "../../core/errors.ts";

/** Keeps calls away from a model that is out, so that nobody waits for it again and again. */
export interface Breaker {
  /** Whether a call may be made. Whoever may must report how it went. */
  admit(key: string): Admission;
  /** How an admitted call went; `undefined` where it says nothing about the model. */
  report(key: string, ended: "replied" | ErrorCode | undefined): void;
}

type Admission =
  | { readonly kind: "go" }
  /** It is out, for `forMs` at least; `code` says why. */
  | { readonly kind: "resting"; readonly code: ErrorCode; readonly forMs: number };

interface Options {
  /** Milliseconds that only go up. */
  readonly now: () => number;
  /** So many failures … */
  readonly failures?: number;
  /** … in such a time, with no reply between, and it rests … */
  readonly windowMs?: number;
  /** … for so long; twice as long each time it fails again. */
  readonly restMs?: number;
  readonly longestRestMs?: number;
}

interface Circuit {
  /** When it failed lately. */
  failedAt: readonly number[];
  /** Why it rests; undefined while it does not. */
  code: ErrorCode | undefined;
  restsUntil: number;
  restMs: number;
  /** Whether one call is finding out if it is back. */
  isProbed: boolean;
}

/** One more of these says nothing new. */
const FOR_GOOD: ReadonlySet<ErrorCode> = new Set([
  "model.auth",
  "model.spend-limit",
  "model.missing",
]);
const PASSING: ReadonlySet<ErrorCode> = new Set([
  "model.overloaded",
  "model.unreachable",
  "model.timeout",
  "model.malformed",
]);

/** A breaker for any number of models, each under a key. It keeps what it knows in this process. */
export function createBreaker({ now, ...given }: Options): Breaker {
  const limits = {
    failures: 5,
    windowMs: 60_000,
    restMs: 30_000,
    longestRestMs: 300_000,
    ...given,
  };
  const circuits = new Map<string, Circuit>();

  function rest(circuit: Circuit, code: ErrorCode): void {
    const isAgain = circuit.code !== undefined;
    const restMs = isAgain ? circuit.restMs * 2 : limits.restMs;
    circuit.code = code;
    circuit.restMs = Math.min(restMs, limits.longestRestMs);
    circuit.restsUntil = now() + circuit.restMs;
  }

  function failed(circuit: Circuit, code: ErrorCode): void {
    const since = now() - limits.windowMs;
    const lately = [...circuit.failedAt, now()].filter((at) => at > since);
    circuit.failedAt = lately.slice(-limits.failures);
    const isTried = circuit.code !== undefined;
    // Calls that began before it rested say nothing new.
    if (isTried && circuit.restsUntil > now()) return;
    if (isTried || lately.length >= limits.failures) rest(circuit, code);
  }

  return {
    admit(key) {
      const circuit = circuits.get(key);
      if (circuit?.code === undefined) return { kind: "go" };
      const forMs = circuit.restsUntil - now();
      if (forMs > 0) return { kind: "resting", code: circuit.code, forMs };
      if (circuit.isProbed) return { kind: "resting", code: circuit.code, forMs: 0 };
      circuit.isProbed = true;
      return { kind: "go" };
    },

    report(key, ended) {
      const circuit = circuits.get(key) ?? closed();
      circuits.set(key, circuit);
      circuit.isProbed = false;
      if (ended === undefined) return;
      if (ended === "replied") {
        circuits.delete(key);
        return;
      }
      if (FOR_GOOD.has(ended)) rest(circuit, ended);
      if (PASSING.has(ended)) failed(circuit, ended);
    },
  };
}

function closed(): Circuit {
  return { failedAt: [], code: undefined, restsUntil: 0, restMs: 0, isProbed: false };
}
