import type { Platform } from "../../../../src/core/platform.ts";
import type { MergeHelp, Workbench } from "../../../../src/pipeline/workbench.ts";
import { call, calling, fakeModel } from "../../../fakes/fake-model.ts";
import { swarmPrompts } from "../../../fakes/swarm-prompts.ts";
import { type Files, freshSignal } from "../../git/sample-repository.ts";
import { stageWorld, YES } from "../stage-world.ts";

const CHECK = `checks:\n  - name: yes\n    command: ${JSON.stringify(YES.command)}\n`;
export const BASE = { "a.txt": "1\n2\n3\n4\nyes\n", ".github/nexus.yml": CHECK };
export const PULL = {
  branch: "feature",
  sameRepository: true,
  base: "main",
  title: "Say mine",
  url: "https://github.test/octo/shop/pull/12",
  state: "open",
  merges: "unknown",
} as const;

export interface Given {
  /** What both sides started from, beside what is always there. */
  readonly before?: Readonly<Record<string, string>>;
  readonly mine?: Files;
  readonly theirs?: Files;
  readonly platform?: Partial<Platform>;
  readonly help?: MergeHelp;
  readonly refused?: Readonly<Record<string, Error>>;
}

/** A prepared task on a pull request whose base has moved on. */
export async function asked({
  before = {},
  mine = { "a.txt": "1 mine\n2\n3\n4\nyes\n" },
  theirs = { "a.txt": "1 theirs\n2\n3\n4\nyes\n" },
  platform,
  help,
  refused = {},
}: Given = {}) {
  const world = await stageWorld({ files: { ...BASE, ...before }, refused });
  const { upstream } = world;
  const parents = [upstream.main];
  const head = upstream.commit({ ...BASE, ...mine }, { branch: "feature", parents });
  const base = upstream.commit({ ...BASE, ...theirs }, { parents });
  const kept = new Map<string, unknown>();
  const bench: Workbench = {
    ...world.bench,
    mergeHelp: help,
    memory: {
      ...world.bench.memory,
      recall: async (key) => structuredClone(kept.get(key)),
      remember: async (key, value) => void kept.set(key, structuredClone(value)),
    },
    platform: async () => ({
      ...(await world.bench.platform()),
      pullRequest: async () => PULL,
      ...platform,
    }),
  };
  await (await bench.mirror()).fetch("feature", freshSignal());
  const state = world.state({
    task: { ...world.state().task, isPullRequest: true, request: "resolve" },
    base: { branch: "feature", commit: head },
    environment: { commit: upstream.main },
  });
  return { ...world, bench, state, head, base };
}

export const BOTH = "1 mine\n1 theirs\n";

/** Remembers nothing, and a model that puts these texts in the places of the conflicts. */
export function helping(
  ...texts: readonly (string | null)[]
): MergeHelp & { readonly kept: string[] } {
  const kept: string[] = [];
  const resolutions = texts.map((text, index) => ({ number: index + 1, text, why: "Both." }));
  return {
    kept,
    model: fakeModel(() => calling(call("submit_resolutions", { resolutions }))),
    prompts: swarmPrompts,
    redact: (text) => text,
    memory: {
      find: async () => undefined,
      keep: async (_key, text) => void kept.push(text),
    },
  };
}
