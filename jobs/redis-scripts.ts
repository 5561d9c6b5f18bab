import { Redis } from "ioredis";
import { failFast } from "./redis.ts";

/** Scripts in the Redis of the installation, each atomic. */
export interface RedisScripts extends AsyncDisposable {
  /** What the script returns; rejects within seconds where no Redis answers. */
  run(script: string, keys: readonly string[], args: readonly string[]): Promise<unknown>;
  ping(): Promise<unknown>;
}

/** Runs scripts over a connection of its own, which finds its way back after an outage. */
export function createRedisScripts(url: string): RedisScripts {
  const redis = new Redis(failFast(url));
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
