import { describe, expect, it } from "vitest";
import type { BaseMoved } from "../../../src/core/base-moved.ts";
import { NexusError } from "../../../src/core/errors.ts";
import type { Platform } from "../../../src/core/platform.ts";
import type { Kept } from "../../../src/pipeline/keep-mergeable.ts";
import { takeIn } from "../../../src/pipeline/take-in.ts";
import { memoryLedger } from "../../fakes/memory-ledger.ts";
import { createMemoryRecord } from "../../fakes/memory-record.ts";

type Merges = Awaited<ReturnType<Platform["pullRequest"]>>["merges"];

const MOVED: BaseMoved = {
  kind: "base-moved",
  id: "d-1",
  repo: { owner: "octo", name: "shop" },
  installationId: 7,
  branch: "main",
  head: "a".repeat(40),
};

interface Given {
  readonly moved?: Partial<BaseMoved>;
  readonly pulls?: readonly Merges[];
  readonly sameRepository?: boolean;
  readonly trouble?: Error;
}

/** A branch that moved, and pull requests into it, newest first, numbered from 1. */
function world({ moved, pulls = [], sameRepository = true, trouble }: Given) {
  const record = createMemoryRecord();
  const asked: unknown[] = [];
  const told: Kept[] = [];
  const platform = {
    openPullRequests: async (at: unknown) => {
      if (trouble) throw trouble;
      asked.push(at);
      return pulls.map((_, index) => index + 1);
    },
    pullRequest: async (number: number) => ({
      branch: `nexus/${number}-x`,
      sameRepository,
      base: "main",
      title: "t",
      url: "u",
      state: "open",
      merges: pulls[number - 1] ?? "unknown",
    }),
  } as unknown as Platform; // nothing else is asked, above all not for permissions
  const round = () =>
    takeIn({
      inbox: record.inbox,
      questions: record.questions,
      effects: record.effects,
      ledger: memoryLedger(),
      open: async () => platform,
      onTrouble: () => undefined,
      onMoved: (_moved, kept) => told.push(kept),
    });
  return { ...record, asked, told, round, moved: { ...MOVED, ...moved } };
}

async function tasksOf(at: ReturnType<typeof world>) {
  await at.inbox.receive(at.moved);
  await at.round();
  await at.round();
  return at.tasks.list(50);
}

describe("a branch that moved makes a task of each of Nexus' own pull requests", () => {
  it("that conflicts, is behind, or about which nothing is known yet", async () => {
    const at = world({ pulls: ["conflict", "clean", "behind", "unknown"] });

    const tasks = await tasksOf(at);

    expect(at.asked).toEqual([{ base: "main", headPrefix: "nexus/" }]);
    expect(new Set(tasks.map(({ task }) => task.issue))).toEqual(new Set([1, 3, 4]));
    expect(tasks).toHaveLength(3);
    expect(tasks[0]?.task).toMatchObject({
      repo: MOVED.repo,
      installationId: 7,
      isPullRequest: true,
      request: "resolve",
      keepsMergeable: true,
    });
    expect(at.told).toEqual([{ found: 4, tasks: 3 }]);
  });

  it("without a word to anybody", async () => {
    const at = world({ pulls: ["conflict"] });

    await tasksOf(at);

    expect(at.wanted()).toEqual([]);
  });

  it("once for the same commit, however often it is told", async () => {
    const at = world({ pulls: ["conflict"] });
    await tasksOf(at);
    await at.inbox.receive({ ...MOVED, id: "d-2" });
    await at.round();
    await at.round();

    expect(await at.tasks.list(50)).toHaveLength(1);
  });

  it("again for the next commit, and for the same one elsewhere", async () => {
    const at = world({ pulls: ["conflict"] });
    await tasksOf(at);
    await at.inbox.receive({ ...MOVED, id: "d-2", head: "b".repeat(40) });
    await at.inbox.receive({ ...MOVED, id: "d-3", repo: { owner: "octo", name: "other" } });
    await at.round();
    await at.round();

    expect(await at.tasks.list(50)).toHaveLength(3);
  });

  it("up to a bound, newest first, and says what was left out", async () => {
    const at = world({ pulls: Array.from({ length: 14 }, () => "conflict" as const) });

    const tasks = await tasksOf(at);

    expect(tasks.map(({ task }) => task.issue).toSorted((a, b) => a - b)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
    expect(at.refusal("d-1")).toContain("4 left out");
  });
});

describe("a branch that moved makes no task", () => {
  it.each([
    ["where no pull request goes into it", {}],
    ["of what merges", { pulls: ["clean"] as const }],
    ["of a fork's", { pulls: ["conflict"] as const, sameRepository: false }],
  ])("%s", async (_name, given) => {
    expect(await tasksOf(world(given))).toEqual([]);
  });

  it("where GitHub refuses for good, and is not asked about again", async () => {
    const at = world({ trouble: new NexusError("github.refused", "404") });

    expect(await tasksOf(at)).toEqual([]);
    expect(at.refusal("d-1")).toBe("github.refused");
  });

  it("while GitHub is away, but stays in the inbox", async () => {
    const trouble = new NexusError("github.unreachable", "gone", { retryable: true });
    const at = world({ trouble });

    expect(await tasksOf(at)).toEqual([]);
    expect(at.refusal("d-1")).toBeUndefined();
  });
});
