import type { EffectResult, EffectWish } from "../../../src/core/effect.ts";
import type { TaskEvent } from "../../../src/core/event.ts";
import type { Check, WorkItem } from "../../../src/core/plan.ts";
import { NO_USAGE } from "../../../src/core/usage.ts";
import { checkoutInto } from "../../../src/git/checkout.ts";
import { shadowRun } from "../../../src/pipeline/shadow-run.ts";
import type { TaskState } from "../../../src/pipeline/task-state.ts";
import type { Workbench } from "../../../src/pipeline/workbench.ts";
import { createArchitect } from "../../../src/swarm/architect.ts";
import { createWorker } from "../../../src/swarm/worker.ts";
import { sampleTask } from "../../contracts/samples.ts";
import { type FakeReply, fakeModel } from "../../fakes/fake-model.ts";
import { createLocalSandbox } from "../../fakes/local-sandbox.ts";
import { swarmPrompts } from "../../fakes/swarm-prompts.ts";
import { freshSignal, mirrorOf, upstreamWith, write } from "../git/sample-repository.ts";

type Replies = Parameters<typeof fakeModel>[0];

interface Setting {
  readonly files?: Readonly<Record<string, string>>;
  /** Without them there is no team. */
  readonly replies?: Replies;
  /** Thrown where a write of this name is wanted. */
  readonly refused?: Readonly<Record<string, Error>>;
}

export const YES: Check = {
  name: "yes",
  command: "grep -qx yes a.txt || { echo no yes; exit 1; }",
};

/** A work item that may change `<id>.txt`. */
export function itemOf(id: string, changes: Partial<WorkItem> = {}): WorkItem {
  const department = "backend";
  const paths = [`${id}.txt`];
  return { id, title: `Do ${id}`, department, goal: "Do it", paths, dependsOn: [], ...changes };
}

/** What one stage works with: a real mirror, commands on this machine, a scripted model, writes that read back as wished. */
export async function stageWorld({ files = { "a.txt": "no\n" }, replies, refused }: Setting = {}) {
  const upstream = await upstreamWith(files);
  const mirror = await mirrorOf(upstream);
  const model = replies && fakeModel(replies);
  const wishes: EffectWish[] = [];
  const tracked: string[] = [];
  const kept = new Map<string, unknown>();
  const told: TaskEvent[] = [];
  const bench: Workbench = {
    platform: async () => ({
      permission: async () => "write",
      issue: async () => ({ title: "Say yes", body: "", author: "ana", state: "open" }),
      repository: async () => ({ defaultBranch: "main", private: true }),
      pullRequest: async () => ({
        branch: "main",
        sameRepository: true,
        base: "main",
        title: "Say it",
        url: "https://github.test/octo/shop/pull/12",
        state: "open",
        merges: "unknown",
      }),
      openPullRequests: async () => [],
      isProtected: async () => false,
    }),
    mirror: async () => ({
      ...mirror,
      fetch: (branch, signal) =>
        mirror.fetch({ url: upstream.url, ref: `refs/heads/${branch}`, signal }),
      deepen: (sides, signal) => mirror.deepen({ ...sides, url: upstream.url, signal }),
    }),
    sandbox: createLocalSandbox(checkoutInto),
    team: model && {
      architect: createArchitect({ model, prompts: swarmPrompts }),
      worker: createWorker({ model, prompts: swarmPrompts, limits: { maxSteps: 4 } }),
    },
    syntax: async () => ({ languageOf: () => undefined, parse: () => undefined }),
    desk: {
      track: async (_state, now) => void tracked.push(now),
      async carryOut(name, wish) {
        const refusal = refused?.[name];
        if (refusal) throw refusal;
        wishes.push(wish);
        return readBack(wish, wishes);
      },
    },
    memory: {
      recall: async (key) => kept.get(key),
      remember: async (key, value) => void kept.set(key, value),
      step: async () => undefined,
    },
    tell: (event) => void told.push(event),
    keepEvidence: async ({ commit }) => commit,
    limits: { workers: 2, corrections: 2 },
  };
  const state = (changes: Partial<TaskState> = {}): TaskState => ({
    task: { ...sampleTask("t"), request: "say yes in every file" },
    base: { branch: "main", commit: upstream.main },
    mergedWith: undefined,
    round: undefined,
    merged: undefined,
    checks: [YES],
    environment: undefined,
    deny: undefined,
    budget: undefined,
    baseline: undefined,
    asked: undefined,
    question: undefined,
    workPlan: undefined,
    results: [],
    unfinished: undefined,
    commits: [],
    evidence: undefined,
    corrections: 0,
    attempts: undefined,
    beforeAttempt: undefined,
    sentBack: undefined,
    heldUntil: undefined,
    leftBehind: [],
    written: [],
    usage: NO_USAGE,
    outcome: undefined,
    ...changes,
  });
  /** A branch of one commit that makes `a.txt` say this, with the shadow run of its head. */
  const branchSaying = async (text: string): Promise<Partial<TaskState>> => {
    const made = { parent: upstream.main, edits: [write("a.txt", text)], message: "feat: say" };
    const changeSet = await mirror.commitEdits(made);
    const [base, commit] = [upstream.main, changeSet.commit];
    const where = { sandbox: bench.sandbox, mirror, taskId: "t", base, commit, checks: [YES] };
    return {
      commits: [{ title: "Say", changeSet }],
      evidence: await shadowRun(where, freshSignal()),
    };
  };
  return { bench, state, branchSaying, mirror, upstream, model, wishes, tracked, told };
}

function readBack(wish: EffectWish, wishes: readonly EffectWish[]): EffectResult {
  const url = "https://github.test/octo/shop/1";
  const pushed = wishes.findLast((earlier) => earlier.kind === "push");
  switch (wish.kind) {
    case "push":
      return { kind: "push", branch: wish.branch, head: wish.head, tree: wish.tree };
    case "pull-request":
      return { kind: "pull-request", number: 7, url, head: pushed?.head ?? "" };
    case "reaction":
      return { kind: "reaction", id: 1 };
    default:
      return { kind: wish.kind, id: 1, url };
  }
}

/** A reply that costs a known number of tokens. */
export function costing(reply: Exclude<FakeReply, Error>, input: number): FakeReply {
  return { ...reply, usage: { calls: 1, input, cachedInput: 0, output: 1 } };
}
