import { parseArgs } from "node:util";
import type { Cost } from "../../src/core/budget.ts";
import { NexusError } from "../../src/core/errors.ts";
import { openModel } from "../../src/models/open-model.ts";
import { openLocalRoad } from "../world/local-road.ts";
import { startScriptedModel } from "../world/model/scripted-model.ts";
import { type EvalTask, evalTaskNames, readEvalTask } from "./eval-task.ts";
import { evalText, evalTotals } from "./eval-text.ts";
import { type Evaluated, evaluate } from "./evaluate.ts";
import { type LiveModel, openLiveModel } from "./live-model.ts";
import { recordedModel } from "./recorded-model.ts";

const USAGE = `npm run eval -- [--model PROVIDER:MODEL] [--json] [TASK…]

Lets Nexus work on small real tasks and looks at each result with a check that no model sees.
Without --model the recorded replies are used. The key of the provider is taken from the environment.
`;
const MODEL_TIMEOUT_MS = 60_000;
/** Recorded replies are nobody's to pay for. */
const FREE: Cost = { spent: 0, isAtMost: false };

process.exitCode = await main(process.argv.slice(2));

/** 0 when every task is solved, 1 when one is not, 2 when nothing could be tried. */
async function main(args: readonly string[]): Promise<number> {
  const wish = parse(args);
  if (!wish) {
    process.stderr.write(`${USAGE}\nTasks:\n  ${(await evalTaskNames()).join("\n  ")}\n`);
    return 2;
  }
  try {
    const live = wish.model === undefined ? undefined : openLiveModel(wish.model, process.env);
    const names = wish.names.length > 0 ? wish.names : await evalTaskNames();
    const tasks = await Promise.all(names.map(readEvalTask));
    const all = await evaluateAll(tasks, live);
    const cost = live ? await live.cost() : FREE;
    process.stdout.write(evalText(all, cost));
    const whole = { model: wish.model ?? "recorded", ...evalTotals(all), cost, results: all };
    if (wish.json) process.stdout.write(`${JSON.stringify(whole)}\n`);
    return all.every(({ solved }) => solved) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof NexusError) || error.code !== "config.invalid") throw error;
    process.stderr.write(`eval: ${error.message}${error.hint ? ` ${error.hint}` : ""}\n`);
    return 2;
  }
}

async function evaluateAll(tasks: readonly EvalTask[], live: LiveModel | undefined) {
  await using road = await openLocalRoad("eval");
  const all: Evaluated[] = [];
  for (const task of tasks) {
    process.stderr.write(`${task.name} …\n`);
    if (live) {
      all.push(await evaluate(task, { road, model: live.model }));
      continue;
    }
    await using server = await startScriptedModel(recordedModel(task.recording));
    const model = openModel({
      provider: "local",
      model: "recorded",
      baseUrl: server.url,
      timeoutMs: MODEL_TIMEOUT_MS,
    });
    all.push(await evaluate(task, { road, model }));
  }
  return all;
}

function parse(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { model: { type: "string" }, json: { type: "boolean", default: false } },
    });
    return { ...values, names: positionals };
  } catch {
    // An option that there is not.
    return undefined;
  }
}
