import type { Edit } from "../../src/core/change-set.ts";
import type { Mirror } from "../../src/core/git.ts";
import type { Model } from "../../src/core/model.ts";
import type { Sandbox } from "../../src/core/sandbox.ts";
import { NO_USAGE } from "../../src/core/usage.ts";
import type { LocalRoad, RoadEnd, RoadTask } from "../world/local-road.ts";
import type { EvalTask } from "./eval-task.ts";

/** What came of one task. */
export interface Evaluated {
  readonly task: string;
  readonly solved: boolean;
  /** Why it is not solved, or nothing. */
  readonly why: string;
  /** Replies of models, of all agents. */
  readonly steps: number;
  /** Tokens read, from a cache or not, and written. */
  readonly tokensIn: number;
  readonly tokensOut: number;
  readonly seconds: number;
}

/** Who works on a task. */
export interface Evaluating {
  readonly road: LocalRoad;
  readonly model: Model;
  readonly account?: RoadTask["account"];
}

const LIMITS = { workers: 4, corrections: 2 };
const CHECK_MS = 180_000;

/** Lets Nexus work on a task, then looks at the result as only the hidden check can. */
export async function evaluate(task: EvalTask, by: Evaluating): Promise<Evaluated> {
  const { road, model, account } = by;
  const { files, request, title, body } = task;
  const asked = { files, request, title, body, model, limits: LIMITS };
  const began = performance.now();
  const end = await road.run({ ...asked, ...(account && { account }) });
  const seconds = (performance.now() - began) / 1000;
  const why = await whyNotSolved(task, end, road.sandbox);
  const { input, cachedInput, cacheWrite = 0, output } = end.state.usage ?? NO_USAGE;
  return {
    task: task.name,
    solved: why === "",
    why,
    steps: end.steps.length,
    tokensIn: input + cachedInput + cacheWrite,
    tokensOut: output,
    seconds,
  };
}

/** Empty for a task that is solved. Only what ended in a pull request is looked at: that is what people get. */
async function whyNotSolved(task: EvalTask, end: RoadEnd, sandbox: Sandbox): Promise<string> {
  const { outcome, mirror } = end;
  if (outcome.kind !== "proposed") return `ended as ${outcome.kind}`;
  const { base, commit } = outcome.evidence;
  const changed = (await mirror.changedFiles(base, commit)).map(({ path }) => path);
  const stray = changed.filter((path) => task.mayChange?.includes(path) === false);
  if (stray.length > 0) return `changed ${stray.join(", ")}, too`;
  const result = await hiddenCheck(task, { mirror, commit, sandbox });
  if (result.ending === "exited" && result.exitCode === 0) return "";
  return `the hidden check says no (${result.ending}, exit code ${result.exitCode})`;
}

interface Result {
  readonly mirror: Mirror;
  readonly commit: string;
  readonly sandbox: Sandbox;
}

async function hiddenCheck(task: EvalTask, { mirror, commit, sandbox }: Result) {
  const edits = Object.entries(task.hidden).map(([path, text]): Edit => {
    return { kind: "write", path, mode: "100644", content: new TextEncoder().encode(text) };
  });
  const { commit: checked } = await mirror.commitEdits({
    parent: commit,
    edits,
    message: "Hidden check\n",
  });
  const workspace = { gitDir: mirror.gitDir, commit: checked, taskId: `eval-${task.name}` };
  const signal = AbortSignal.timeout(CHECK_MS);
  await using session = await sandbox.open(workspace, signal);
  return await session.run(["sh", "-c", task.check]);
}
