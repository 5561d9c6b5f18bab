import { createRedisScripts } from "../../../../jobs/redis-scripts.ts";
import { parseWorkerConfig } from "../../../../src/config.ts";
import type { Limiter } from "../../../../src/models/limiter/limiter.ts";
import { openLimiter } from "../../../../src/models/limiter/open-limiter.ts";
import { openRoleModels } from "../../../../src/models/router/role-models.ts";
import { asking } from "../asking.ts";

/*
 * A process of the test that calls its model as fast as it may, with four agents at once, until it is ended.
 * Its settings are those of a worker. It says when each of its calls was let go, and what happened to the limit.
 */

const AGENTS = 4;

const { models, redisUrl } = parseWorkerConfig(process.env);
const say = (line: string) => void process.stdout.write(`${line}\n`);
// Only a Redis that has died is to count as gone, however busy the machine is.
const scripts = createRedisScripts(redisUrl, { commandTimeout: 60_000 });
const shared = openLimiter({ scripts, process: String(process.pid), onNews: say });
const limiter: Limiter = {
  async acquire(rule, wait) {
    const permit = await shared.acquire(rule, wait);
    say(`granted ${permit.grantedAt}`);
    return permit;
  },
};
const nobodyPays = () => Promise.reject(new Error("It is free."));
const account = { reserve: nobodyPays, settle: nobodyPays, release: nobodyPays };
const model = openRoleModels({
  models,
  limiter,
  pricing: () => ({ kind: "free" }),
  onSwitch: ({ code }) => say(`failed ${code}`),
  onTrouble: (error) => say(`trouble ${String(error)}`),
}).modelFor("worker", { account });
if (!model) throw new Error("The settings name no model.");

say("ready");
await new Promise((resolve) => process.stdin.once("data", resolve));
const never = new AbortController().signal;
await Promise.all(
  Array.from({ length: AGENTS }, async () => {
    for (;;) {
      await model.reply(asking(), never).catch((error: unknown) => say(`failed ${String(error)}`));
    }
  }),
);
