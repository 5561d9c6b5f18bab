import { Redis } from "ioredis";
import { NexusError } from "../src/core/errors.ts";

const TIMEOUT_MS = 1_500;
const ANSWER_MS = 3_000;

/** Where a Redis is and how to log in: what ioredis and BullMQ both take. */
export interface RedisAddress {
  readonly path?: string;
  readonly host?: string;
  readonly port?: number;
  readonly db?: number;
  readonly username?: string;
  readonly password?: string;
  readonly tls?: object;
}

/** Connection settings from a redis://, rediss:// or redis+unix:///path URL. */
export function redisAddress(url: string): RedisAddress {
  const at = new URL(url);
  if (at.protocol === "redis+unix:") return { path: decodeURIComponent(at.pathname) };
  const database = Number(at.pathname.slice(1) || 0);
  return {
    host: at.hostname.replace(/^\[|\]$/g, ""),
    port: Number(at.port || 6379),
    db: database,
    ...(at.username && { username: decodeURIComponent(at.username) }),
    ...(at.password && { password: decodeURIComponent(at.password) }),
    ...(at.protocol === "rediss:" && { tls: {} }),
  };
}

/** For producers: a Redis that is gone is an error at once, never a call that waits for ever. */
export function failFast(url: string) {
  return {
    ...redisAddress(url),
    commandTimeout: TIMEOUT_MS,
    connectTimeout: TIMEOUT_MS,
    maxRetriesPerRequest: 1,
  };
}

/**
 * Refuses a Redis that may evict: it would run jobs with emptied data and call them done.
 * Throws `queue.unsafe-eviction` or `queue.unavailable`.
 */
export async function assertSafeRedis(url: string): Promise<void> {
  const policy = await evictionPolicy(url);
  if (policy === "noeviction") return;
  throw new NexusError(
    "queue.unsafe-eviction",
    `REDIS_URL: maxmemory-policy is ${policy}, which lets Redis throw jobs away.`,
    { hint: "redis-cli config set maxmemory-policy noeviction, and the same in redis.conf" },
  );
}

async function evictionPolicy(url: string): Promise<string> {
  const redis = new Redis({ ...failFast(url), lazyConnect: true, retryStrategy: () => null });
  // Without a listener ioredis prints the error; we throw it instead.
  redis.on("error", () => {});
  try {
    // Not CONFIG: hosted servers often forbid it.
    const asked = redis.connect().then(() => redis.info("memory"));
    const memory = await within(ANSWER_MS, asked);
    return /^maxmemory_policy:(\S+)/m.exec(memory)?.[1] ?? "unknown";
  } catch {
    // The cause is left out on purpose: ioredis' errors carry the command with its password.
    throw new NexusError("queue.unavailable", "REDIS_URL: no Redis answers there.", {
      hint: "Start Redis, or leave REDIS_URL empty so that npm start brings its own.",
      retryable: true,
    });
  } finally {
    redis.disconnect();
  }
}

/** The result, or an error when it does not come in time. */
export function within<T>(ms: number, result: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error("late")), ms);
  return Promise.race([result, promise]).finally(() => clearTimeout(timer));
}
