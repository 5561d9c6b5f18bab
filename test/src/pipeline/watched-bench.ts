import type { Plan, WorkItem } from "../../../src/core/plan.ts";
import type { Platform } from "../../../src/core/platform.ts";
import type { Workspace } from "../../../src/core/sandbox.ts";
import type { Team, Workbench } from "../../../src/pipeline/workbench.ts";
import type { Architect } from "../../../src/swarm/architect.ts";
import type { Worker } from "../../../src/swarm/worker.ts";
import { freshSignal } from "../git/sample-repository.ts";
import { stageWorld } from "./stage-world.ts";

/** What one reply of a model costs here. */
export const USAGE = { calls: 1, input: 10, cachedInput: 0, output: 5 };

export function planOf(...items: readonly WorkItem[]): Plan {
  return { summary: "Say yes.", items: [...items], checks: [] };
}

/** An architect that has its plan ready. */
export function architectOf(plan: Plan): Architect {
  return { plan: async () => ({ kind: "planned", plan, usage: USAGE, steps: [] }) };
}

/** A worker that runs one shell command for its item. */
export function shellWorker(commandOf: (item: WorkItem, notes: string) => string): Worker {
  return {
    async work({ item, notes }, { session }) {
      await session.run(["sh", "-c", commandOf(item, notes)]);
      return { kind: "finished", summary: "done", proofs: [], usage: USAGE, steps: [] };
    },
  };
}

/** A worker that says yes in the file of its item. */
export const yesWorker = shellWorker(({ id }) => `echo yes > ${id}.txt`);

interface Setting {
  readonly files?: Readonly<Record<string, string>>;
  readonly platform?: Partial<Platform>;
  readonly team?: Partial<Team>;
  readonly limits?: Partial<Workbench["limits"]>;
}

/** A stage's world whose every use is kept: branches fetched, containers started ahead and opened, results and steps. */
export async function watchedBench({ files, platform, team, limits }: Setting = {}) {
  const world = await stageWorld(files ? { files } : {});
  const fetched: string[] = [];
  const opened: Workspace[] = [];
  const warmed: Workspace[] = [];
  const remembered = new Map<string, unknown>();
  const steps: { readonly agent: string; readonly step: unknown }[] = [];
  const { sandbox } = world.bench;
  const bench: Workbench = {
    ...world.bench,
    platform: async () => ({ ...(await world.bench.platform()), ...platform }),
    async mirror() {
      const mirror = await world.bench.mirror();
      const fetch = (branch: string, signal: AbortSignal) => {
        fetched.push(branch);
        return mirror.fetch(branch, signal);
      };
      return { ...mirror, fetch };
    },
    sandbox: {
      warm: (workspace) => {
        warmed.push(workspace);
        sandbox.warm(workspace);
      },
      cool: sandbox.cool,
      release: sandbox.release,
      open: (workspace, signal) => {
        opened.push(workspace);
        return sandbox.open(workspace, signal);
      },
    },
    team: team && { architect: architectOf(planOf()), worker: yesWorker, ...team },
    memory: {
      // As a store gives it back: a copy.
      recall: async (key) => structuredClone(remembered.get(key)),
      remember: async (key, value) => void remembered.set(key, structuredClone(value)),
      step: async (agent, step) => void steps.push({ agent, step }),
    },
    limits: { ...world.bench.limits, ...limits },
  };
  return { ...world, bench, fetched, opened, warmed, remembered, steps, signal: freshSignal() };
}
