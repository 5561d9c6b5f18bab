import { z } from "zod";
import { type Answer, type Desk, type LimitRule, spacingOf } from "./desk.ts";
import { ASK, END, HOLD, keysOf, LEAVE } from "./limit-scripts.ts";

/** Runs a script in the Redis of the installation. Rejects when there is none, within seconds. */
export type RunScript = (
  script: string,
  keys: readonly string[],
  args: readonly string[],
) => Promise<unknown>;

/** A desk for all processes of an installation. Unlike others it rejects, when no Redis answers. */
export interface SharedDesk extends Desk {
  /** How many processes share the limit of this name, as far as is known. */
  members(name: string): number;
}

interface Options {
  readonly run: RunScript;
  /** The name of this process. */
  readonly process: string;
  /** After which the place of a process that died is free. */
  readonly leaseMs?: number;
}

const LEASE_MS = 45_000;
const Told = z.tuple([z.number(), z.coerce.number(), z.coerce.number(), z.number()]);

/** A desk in Redis, by the clock of Redis. Each question is one atomic script. */
export function createSharedDesk({ run, process, leaseMs = LEASE_MS }: Options): SharedDesk {
  const members = new Map<string, number>();
  return {
    async ask(rule, ticket) {
      const args = [ticket, process, spacingOf(rule), rule.concurrency, leaseMs].map(String);
      const told = Told.parse(await run(ASK, keysOf(rule.name), args));
      members.set(rule.name, told[3]);
      return answerOf(told);
    },
    async leave({ name }, ticket) {
      await run(LEAVE, keysOf(name), [ticket]);
    },
    async keep({ name }, ticket) {
      await run(HOLD, keysOf(name), [ticket, String(leaseMs)]);
    },
    async end({ name, concurrency }: LimitRule, ticket, ending) {
      const asked = ending.kind === "limited" ? (ending.retryAfterMs ?? "") : "";
      const args = [ticket, concurrency, ending.kind, asked].map(String);
      await run(END, keysOf(name), args);
    },
    members: (name) => members.get(name) ?? 1,
  };
}

function answerOf([granted, first, expectedMs]: z.infer<typeof Told>): Answer {
  if (granted === 1) return { kind: "granted", at: first };
  return { kind: "wait", askAgainMs: first, expectedMs };
}
