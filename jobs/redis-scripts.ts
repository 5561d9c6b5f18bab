import { Redis } from "ioredis";
import { failFast } from "./redis.ts";

/** Scripts in the Redis of the installation, each atomic. */
export interface RedisScripts extends AsyncDisposable {
  /** What the script returns; rejects within seconds where no Redis answers. */
  run(script: string, keys: readonly string[], args: readonly string[]): Promise<unknown>;
  ping(): Promise<unknown>;
}

interface Options {
  /** How long a Redis may be silent before it counts as gone. */
  readonly commandTimeout?: number;
}

/** Runs scripts over a connection of its own, which finds its way back after an outage. */
export function createRedisScripts(url: string, options: Options = {}): RedisScripts {
  const redis = new Redis({ ...failFast(url), ...options });
  // Whoever runs a script learns of the outage from it.
  redis.on("error", () => undefined);
  return {
    run: (script, keys, args) => redis.eval(script, keys.length, ...keys, ...args),
    ping: () => redis.ping(),
    async [Symbol.asyncDispose]() {
      redis.disconnect();
    },
  };
}
