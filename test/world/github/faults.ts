import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";

/** Trouble to be made for requests that match. */
export interface Fault {
  readonly match: { readonly method?: string; readonly path: RegExp };
  /**
   * `delay` answers late; `status` answers this instead and does nothing; `after` does what was asked
   * and then answers this, or drops the connection where no status is given.
   */
  readonly kind: "delay" | "status" | "after";
  readonly ms?: number;
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
  /** How many requests it hits; once where not given. */
  readonly times?: number;
}

export interface Faults {
  /** Returns what takes the fault away again. */
  readonly add: (fault: Fault) => () => void;
  /** The fault that hits this request, used up by one. */
  take(method: string, path: string): Fault | undefined;
}

/** Faults in the order they were set; the first that matches hits. */
export function createFaults(): Faults {
  const waiting: { fault: Fault; left: number }[] = [];
  return {
    add(fault) {
      const entry = { fault, left: fault.times ?? 1 };
      waiting.push(entry);
      return () => {
        entry.left = 0;
      };
    },
    take(method, path) {
      const hit = waiting.find(
        ({ fault, left }) =>
          left > 0 &&
          (fault.match.method ?? method) === method &&
          new RegExp(fault.match.path.source, fault.match.path.flags.replace("g", "")).test(path),
      );
      if (hit !== undefined) hit.left -= 1;
      return hit?.fault;
    },
  };
}

/** The answer of a fault, or a cut connection. Returns the status, 0 for the cut. */
export function answerFault(fault: Fault, response: ServerResponse): number {
  if (fault.status === undefined) {
    response.destroy();
    return 0;
  }
  const body = fault.body ?? { message: "Server Error" };
  response.writeHead(fault.status, {
    "content-type": "application/json; charset=utf-8",
    ...fault.headers,
  });
  response.end(typeof body === "string" ? body : JSON.stringify(body));
  return fault.status;
}

/** Waits as long as a fault says. */
export async function lag(fault: Fault | undefined, signal: AbortSignal): Promise<void> {
  if (fault?.ms === undefined) return;
  await wait(fault.ms, undefined, { signal }).catch(() => undefined);
}
