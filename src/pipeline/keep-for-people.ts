import { NexusError } from "../core/errors.ts";
import type { CheckResult } from "../core/evidence.ts";
import type { SandboxSession } from "../core/sandbox.ts";

/** When a check's session is kept after its check. */
interface Keeping {
  /** How many checks there are. */
  readonly checks: number;
  /** Asked for with `--hold`: the last one's session, if all are green. */
  readonly asked: boolean;
  /** A red check may be where the task ends: the first red one's session. */
  readonly mayBeLast: boolean;
}

/** Keeps sessions for people to look into. */
export interface Keeper {
  /** To be told of each check while its session is open. */
  afterCheck(result: CheckResult, session: Pick<SandboxSession, "hold">): Promise<void>;
  /** Until when one is kept (ISO 8601); undefined where none is. */
  until(): string | undefined;
}

/**
 * Begins with the first check. That a red check's session cannot be kept takes nothing from its result; a
 * session that was asked for and cannot be kept is an error.
 */
export function keepForPeople({ checks, asked, mayBeLast }: Keeping): Keeper {
  let seen = 0;
  let isRed = false;
  let until: string | undefined;
  return {
    until: () => until,
    async afterCheck({ passed }, session) {
      seen += 1;
      const isFirstRed = !passed && !isRed;
      isRed ||= !passed;
      if (isFirstRed && mayBeLast) until = await orNothing(session.hold("verification failed"));
      if (!isRed && asked && seen === checks) until = await session.hold("asked for by --hold");
    },
  };
}

/** How an outcome says until when a red check is kept. */
export function kept(heldUntil: string | undefined): { readonly heldUntil?: string } {
  return heldUntil === undefined ? {} : { heldUntil };
}

async function orNothing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof NexusError) return undefined;
    throw error;
  }
}
