import pg from "pg";
import { connectionSettings, type Log } from "./steady-pool.ts";

/** What changed. A wake-up carries nothing else: whoever wakes looks at the record. */
export type Channel = "inbox" | "task" | "effect";

const RECONNECT_MS = 1_000;

/**
 * Tells listeners that something changed, after it was committed. Many changes become one wake-up,
 * because every NOTIFY makes committing transactions queue behind each other. A wake-up that gets
 * lost costs time only: the reconciler looks by itself.
 */
export function createWaker(pool: pg.Pool): (channel: Channel) => void {
  const running = new Set<Channel>();
  const again = new Set<Channel>();

  const send = async (channel: Channel): Promise<void> => {
    do {
      again.delete(channel);
      await pool.query("select pg_notify($1, '')", [`nexus_${channel}`]).catch(() => undefined);
    } while (again.has(channel));
    running.delete(channel);
  };

  return (channel) => {
    if (running.has(channel)) {
      again.add(channel);
      return;
    }
    running.add(channel);
    void send(channel);
  };
}

export interface Listener extends AsyncDisposable {
  /** Calls the handler after each change, and after each gap in the connection. Resolves when it listens. */
  listen(channel: Channel, handler: () => void): Promise<AsyncDisposable>;
}

interface Place {
  readonly url: string;
  readonly timeoutMs: number;
  readonly log: Log | undefined;
}

/** One connection of its own for all wake-ups of a process, made when first needed, renewed when it breaks. */
export function createListener(place: Place): Listener {
  const handlers = new Map<Channel, Set<() => void>>();
  let client: Promise<pg.Client> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const wake = (channel: string): void => {
    for (const [name, set] of handlers) {
      if (channel === `nexus_${name}`) for (const handler of set) handler();
    }
  };
  const connect = async (): Promise<pg.Client> => {
    const fresh = await openClient(place, { onWake: wake, onBreak: reconnectLater });
    for (const channel of handlers.keys()) await fresh.query(`listen nexus_${channel}`);
    return fresh;
  };
  const reconnect = async (): Promise<void> => {
    client = connect();
    await client;
    for (const channel of handlers.keys()) wake(`nexus_${channel}`);
  };
  function reconnectLater(): void {
    if (closed || handlers.size === 0 || timer) return;
    timer = setTimeout(() => {
      timer = undefined;
      reconnect().catch(reconnectLater);
    }, RECONNECT_MS);
    timer.unref();
  }

  return {
    async listen(channel, handler) {
      const set = handlers.get(channel) ?? new Set();
      handlers.set(channel, set.add(handler));
      client ??= connect();
      try {
        await (await client).query(`listen nexus_${channel}`);
      } catch (error) {
        reconnectLater();
        place.log?.warn({ err: error, channel }, "wake-ups are late until the database is back");
      }
      return {
        async [Symbol.asyncDispose]() {
          set.delete(handler);
        },
      };
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      handlers.clear();
      clearTimeout(timer);
      await client?.then((open) => open.end()).catch(() => undefined);
    },
  };
}

interface Hooks {
  readonly onWake: (channel: string) => void;
  readonly onBreak: () => void;
}

async function openClient(place: Place, { onWake, onBreak }: Hooks): Promise<pg.Client> {
  const client = new pg.Client(connectionSettings(place));
  client.on("error", (error) => place.log?.warn({ err: error }, "the wake-up connection broke"));
  client.on("end", onBreak);
  client.on("notification", ({ channel }) => onWake(channel));
  await client.connect();
  return client;
}
