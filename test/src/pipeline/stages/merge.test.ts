import { describe, expect, it } from "vitest";
import type { WorkItem } from "../../../../src/core/plan.ts";
import { merge } from "../../../../src/pipeline/stages/merge.ts";
import { propose } from "../../../../src/pipeline/stages/propose.ts";
import { verify } from "../../../../src/pipeline/stages/verify.ts";
import { work } from "../../../../src/pipeline/stages/work.ts";
import type { MergeHelp } from "../../../../src/pipeline/workbench.ts";
import { sampleEvidence } from "../../../contracts/samples.ts";
import { call, calling, fakeModel } from "../../../fakes/fake-model.ts";
import { outOfMoney } from "../../../fakes/out-of-money.ts";
import { swarmPrompts } from "../../../fakes/swarm-prompts.ts";
import { itemOf } from "../stage-world.ts";
import { planOf, shellWorker, watchedBench, yesWorker } from "../watched-bench.ts";

const FILES = { "a.txt": "no\n", "b.txt": "no\n", "c.txt": "no\n", "log.txt": "0\n" };

/** Lets workers work on these items and joins what they made. */
async function joined(items: readonly WorkItem[], worker = yesWorker, mergeHelp?: MergeHelp) {
  const world = await watchedBench({ files: FILES, team: { worker } });
  const { signal } = world;
  const bench = { ...world.bench, mergeHelp };
  const planned = world.state({ workPlan: planOf(...items) });
  const worked = await work(bench)(planned, signal);
  const state = { ...planned, ...worked };
  const merged = worked.outcome ? worked : await merge(bench)(state, signal);
  return { ...world, bench, state: { ...state, ...merged }, worked, merged };
}

describe("results of work items", () => {
  it("become one branch with a commit for each, in the order of the plan", async () => {
    const items = [itemOf("b", { title: "Do b" }), itemOf("a", { title: "Do a" })];

    const { merged, mirror, upstream } = await joined(items);

    expect(merged.commits?.map(({ title }) => title)).toEqual(["Do b", "Do a"]);
    const [first, second] = merged.commits?.map(({ changeSet }) => changeSet) ?? [];
    expect(first?.base).toBe(upstream.main);
    expect(second?.base).toBe(first?.commit);
    const head = second?.commit ?? "";
    expect([await mirror.readFile(head, "a.txt"), await mirror.readFile(head, "b.txt")]).toEqual([
      "yes\n",
      "yes\n",
    ]);
  });

  it("that build on others start from what those made", async () => {
    const items = [
      itemOf("c", { dependsOn: ["b"] }),
      itemOf("a"),
      itemOf("b", { dependsOn: ["a"] }),
    ];
    const counting = shellWorker(
      ({ id }) => `cat a.txt b.txt c.txt | grep -c yes > ${id}.txt; echo yes >> ${id}.txt`,
    );

    const { merged, mirror } = await joined(items, counting);

    const head = merged.commits?.at(-1)?.changeSet.commit ?? "";
    expect(merged.commits?.map(({ title }) => title)).toEqual(["Do a", "Do b", "Do c"]);
    expect(await mirror.readFile(head, "a.txt")).toBe("0\nyes\n");
    expect(await mirror.readFile(head, "b.txt")).toBe("1\nyes\n");
    expect(await mirror.readFile(head, "c.txt")).toBe("2\nyes\n");
  });

  it("that change the same place end the road and name it", async () => {
    const items = [itemOf("a", { paths: ["log.txt"] }), itemOf("b", { paths: ["log.txt"] })];
    const fighting = shellWorker(({ id }) => `echo ${id} > log.txt`);

    const { merged } = await joined(items, fighting);

    expect(merged.outcome).toEqual({
      kind: "conflicted",
      item: "b",
      files: ["log.txt"],
      report: [
        {
          path: "log.txt",
          kind: "conflicted",
          hunks: [expect.objectContaining({ stage: "person", line: 1 })],
        },
      ],
    });
  });

  it("that change the same place are joined with help, which is told and paid for", async () => {
    const items = [itemOf("a", { paths: ["log.txt"] }), itemOf("b", { paths: ["log.txt"] })];
    const fighting = shellWorker(({ id }) => `echo ${id} > log.txt`);
    const resolutions = [{ number: 1, text: "a\nb\n", why: "Both." }];
    const model = fakeModel([calling(call("submit_resolutions", { resolutions }))]);
    const memory = { find: async () => undefined, keep: async () => undefined };
    const help = { model, memory, prompts: swarmPrompts, redact: (text: string) => text };

    const { merged, mirror } = await joined(items, fighting, help);

    expect(merged.outcome).toBeUndefined();
    const head = merged.commits?.at(-1)?.changeSet.commit ?? "";
    expect(await mirror.readFile(head, "log.txt")).toBe("a\nb\n");
    expect(merged.merged).toMatchObject([
      { path: "log.txt", kind: "merged", hunks: [{ stage: "model", confidence: "proposed" }] },
    ]);
    expect(merged.usage?.calls).toBe(1);
    const [request] = model.requests;
    expect(JSON.stringify(request)).toContain("Do b");
  });

  it("end for want of money where nothing else keeps a model from joining them", async () => {
    const items = [itemOf("a", { paths: ["log.txt"] }), itemOf("b", { paths: ["log.txt"] })];
    const fighting = shellWorker(({ id }) => `echo ${id} > log.txt`);
    const model = fakeModel([outOfMoney()]);
    const memory = { find: async () => undefined, keep: async () => undefined };
    const help = { model, memory, prompts: swarmPrompts, redact: (text: string) => text };

    const { merged } = await joined(items, fighting, help);

    expect(merged.outcome).toMatchObject({ kind: "budget-exhausted", cap: "task", limit: 5 });
    expect(merged.commits).toBeUndefined();
  });

  it("are remembered once the branch is green as they were joined, and not where it was corrected", async () => {
    const items = [itemOf("a", { paths: ["log.txt"] }), itemOf("b", { paths: ["log.txt"] })];
    const fighting = shellWorker(({ id }) => `echo made by ${id} > log.txt`);
    const kept: string[] = [];
    const resolutions = [{ number: 1, text: "made by a\nmade by b\n", why: "Both." }];
    const help = {
      model: fakeModel(() => calling(call("submit_resolutions", { resolutions }))),
      memory: {
        find: async () => undefined,
        keep: async (_: string, text: string) => void kept.push(text),
      },
      prompts: swarmPrompts,
      redact: (text: string) => text,
    };
    const { bench, state, signal } = await joined(items, fighting, help);
    expect(state.outcome).toBeUndefined();
    const commit = state.commits.at(-1)?.changeSet.commit ?? "";
    const evidence = { ...sampleEvidence, commit };

    expect(kept).toEqual([]);
    await propose(bench)({ ...state, evidence, corrections: 1 }, signal);
    expect(kept).toEqual([]);
    await propose(bench)({ ...state, evidence }, signal);
    expect(kept).toEqual(["made by a\nmade by b\n"]);
  });

  it("that an item builds on and that contradict each other end the work", async () => {
    const items = [
      itemOf("a", { paths: ["log.txt"] }),
      itemOf("b", { paths: ["log.txt"] }),
      itemOf("c", { dependsOn: ["a", "b"] }),
    ];
    const fighting = shellWorker(({ id }) => `echo ${id} > log.txt`);

    const { worked } = await joined(items, fighting);

    expect(worked.outcome).toMatchObject({ kind: "conflicted", files: ["log.txt"] });
  });

  it("that say the same are one commit", async () => {
    const items = [itemOf("a", { paths: ["log.txt"] }), itemOf("b", { paths: ["log.txt"] })];

    const { merged } = await joined(
      items,
      shellWorker(() => "echo same > log.txt"),
    );

    expect(merged.commits).toHaveLength(1);
  });
});

describe("the branch", () => {
  it("is corrected a bounded number of times, then given up", async () => {
    const { bench, state, signal } = await joined([itemOf("b")]);

    const tries = await Promise.all(
      [0, 1, 2].map((corrections) => verify(bench)({ ...state, corrections }, signal)),
    );

    expect(tries.map(({ evidence }) => evidence?.passed)).toEqual([false, false, false]);
    expect(tries.map(({ outcome }) => outcome?.kind)).toEqual([
      undefined,
      undefined,
      "checks-failed",
    ]);
  });

  it("is proposed only with evidence of its own head", async () => {
    const { bench, state, signal, wishes } = await joined([itemOf("a"), itemOf("b")]);
    const { evidence = sampleEvidence } = await verify(bench)(state, signal);
    const [earlier] = state.commits;
    const bad = [
      undefined,
      { ...evidence, passed: false },
      { ...evidence, commit: earlier?.changeSet.commit ?? "" },
      sampleEvidence,
    ];

    for (const other of bad) {
      await expect(propose(bench)({ ...state, evidence: other }, signal)).rejects.toMatchObject({
        code: "git.failed",
        message: expect.stringContaining("not the commit that was verified"),
      });
    }
    expect(wishes).toEqual([]);
    expect((await propose(bench)({ ...state, evidence }, signal)).outcome?.kind).toBe("proposed");
  });

  it("that somebody moved meanwhile is not called proposed", async () => {
    const { bench, state, signal } = await joined([itemOf("a")]);
    const { evidence } = await verify(bench)(state, signal);
    const elsewhere = "d".repeat(40);
    const carryOut: typeof bench.desk.carryOut = async (name, wish, options) => {
      const result = await bench.desk.carryOut(name, wish, options);
      return result.kind === "pull-request" ? { ...result, head: elsewhere } : result;
    };
    const moved = { ...bench, desk: { ...bench.desk, carryOut } };

    const { outcome } = await propose(moved)(
      { ...state, evidence: evidence ?? sampleEvidence },
      signal,
    );

    expect(outcome).toMatchObject({
      kind: "failed",
      code: "git.rejected",
      reason: expect.stringContaining(elsewhere),
    });
  });
});
