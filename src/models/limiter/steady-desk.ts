import { type Desk, partOf } from "./desk.ts";
import { createLocalDesk } from "./local-desk.ts";
import type { SharedDesk } from "./shared-desk.ts";

/** What happened to the shared limit, for the log. */
export type DeskNews = "alone" | "together";

interface Options {
  readonly shared: SharedDesk;
  /** Resolves while Redis answers. */
  readonly ping: () => Promise<unknown>;
  readonly now: () => number;
  readonly onNews: (news: DeskNews) => void;
  readonly pingEveryMs?: number;
}

const PING_EVERY_MS = 1_000;

/**
 * The shared desk while it answers. While it does not, each process goes on alone with its part of the limit, as
 * many as shared it last; and when it answers again, each is silent until all others have noticed too. So the
 * limit holds throughout, and nothing ever waits for Redis.
 */
export function createSteadyDesk(options: Options): Desk & Disposable {
  const { shared, now, onNews } = options;
  const pingEveryMs = options.pingEveryMs ?? PING_EVERY_MS;
  const local = createLocalDesk(now);
  let pinging: NodeJS.Timeout | undefined;
  let silentUntil = 0;

  function goAlone(): void {
    if (pinging) return;
    onNews("alone");
    pinging = setInterval(() => void tryAgain(), pingEveryMs);
    pinging.unref();
  }
  async function tryAgain(): Promise<void> {
    const isThere = await options.ping().then(
      () => true,
      () => false,
    );
    if (!isThere || !pinging) return;
    clearInterval(pinging);
    pinging = undefined;
    silentUntil = now() + 2 * pingEveryMs;
    onNews("together");
  }
  async function tell(telling: () => Promise<void>): Promise<void> {
    // What Redis is not told, it finds out by itself: places and turns expire there.
    if (!pinging) await telling().catch(goAlone);
  }

  return {
    async ask(rule, ticket) {
      const part = () => partOf(rule, shared.members(rule.name));
      if (pinging) return await local.ask(part(), ticket);
      const silentMs = silentUntil - now();
      if (silentMs > 0) return { kind: "wait", askAgainMs: silentMs, expectedMs: silentMs };
      try {
        const answer = await shared.ask(rule, ticket);
        if (answer.kind === "granted") local.take(part(), ticket);
        return answer;
      } catch {
        goAlone();
        return await local.ask(part(), ticket);
      }
    },
    async leave(rule, ticket) {
      await local.leave(rule, ticket);
      await tell(() => shared.leave(rule, ticket));
    },
    keep: (rule, ticket) => tell(() => shared.keep(rule, ticket)),
    async end(rule, ticket, ending) {
      await local.end(rule, ticket, ending);
      await tell(() => shared.end(rule, ticket, ending));
    },
    [Symbol.dispose]: () => clearInterval(pinging),
  };
}
