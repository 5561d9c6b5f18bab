import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import type { Outcome } from "../../../src/core/outcome.ts";
import { createTaskGraph, type StageName, type Stages } from "../../../src/pipeline/task-graph.ts";
import type { BranchCommit, StageUpdate } from "../../../src/pipeline/task-state.ts";
import { sampleEvidence, sampleOutcome, sampleTask } from "../../contracts/samples.ts";
import { itemOf } from "./stage-world.ts";
import { planOf, USAGE } from "./watched-bench.ts";

const GREEN = sampleEvidence;
const RED = { ...sampleEvidence, passed: false };
const COMMIT: BranchCommit = {
  title: "one",
  changeSet: { base: "b", commit: "c", tree: "t", files: [] },
};
const OTHER: BranchCommit = { ...COMMIT, changeSet: { ...COMMIT.changeSet, commit: "d" } };
const PROPOSED: Outcome = {
  kind: "proposed",
  pullRequest: { number: 1, url: "http://x/1", head: "c", branch: "nexus/1" },
  evidence: GREEN,
};

type Script = Partial<Record<StageName, (visit: number) => StageUpdate>>;

/** What every stage finds out on the straight road of a swarm. */
const SWARM: Script = {
  prepare: () => ({ commits: [], corrections: 0 }),
  plan: () => ({ workPlan: planOf(itemOf("a")), usage: USAGE }),
  work: () => ({ results: [{ item: "a", changeSet: COMMIT.changeSet }], usage: USAGE }),
  merge: () => ({ commits: [COMMIT] }),
  verify: () => ({ evidence: GREEN }),
  propose: () => ({ outcome: PROPOSED }),
};

/** Walks the road with these stages; returns the stages in order and what was known at the end. */
async function walk(script: Script, request = sampleTask("t").request) {
  const visited: StageName[] = [];
  const stage = (name: StageName) => async () => {
    visited.push(name);
    const visit = visited.filter((other) => other === name).length;
    return script[name]?.(visit) ?? {};
  };
  const stages: Stages = {
    admit: stage("admit"),
    prepare: stage("prepare"),
    diagnose: stage("diagnose"),
    resolve: stage("resolve"),
    repair: stage("repair"),
    plan: stage("plan"),
    work: stage("work"),
    merge: stage("merge"),
    verify: stage("verify"),
    correct: stage("correct"),
    propose: stage("propose"),
    update: stage("update"),
  };
  const graph = createTaskGraph(stages, new MemorySaver());
  const config = { configurable: { thread_id: "t" }, recursionLimit: 100 };
  const state = await graph.invoke({ task: { ...sampleTask("t"), request } }, config);
  return { visited, state };
}

describe("the road", () => {
  it("of a swarm passes every stage once, in this order", async () => {
    const { visited, state } = await walk(SWARM);

    expect(visited).toEqual([
      "admit",
      "prepare",
      "diagnose",
      "repair",
      "plan",
      "work",
      "merge",
      "verify",
      "propose",
    ]);
    expect(state.outcome).toEqual(PROPOSED);
  });

  it("of a repair by rule needs no plan", async () => {
    const { visited } = await walk({ ...SWARM, repair: () => ({ commits: [COMMIT] }) });

    expect(visited).toEqual(["admit", "prepare", "diagnose", "repair", "verify", "propose"]);
  });

  it("goes to the architect where the rules were not enough", async () => {
    const { visited } = await walk({
      ...SWARM,
      repair: () => ({ commits: [COMMIT] }),
      verify: (visit) => ({ evidence: visit === 1 ? RED : GREEN }),
    });

    expect(visited.slice(3)).toEqual([
      "repair",
      "verify",
      "plan",
      "work",
      "merge",
      "verify",
      "propose",
    ]);
  });

  it("corrects what is red after the workers until it is green", async () => {
    const { visited, state } = await walk({
      ...SWARM,
      verify: (visit) => ({ evidence: visit < 3 ? RED : GREEN }),
      correct: (visit) => ({ corrections: visit, commits: [COMMIT], usage: USAGE }),
    });

    expect(visited.slice(7)).toEqual([
      "verify",
      "correct",
      "verify",
      "correct",
      "verify",
      "propose",
    ]);
    expect(state.corrections).toBe(2);
  });

  it("tries the next way of a correction at once where nothing came of one: nothing new is to be verified", async () => {
    const red = { ...RED, commit: COMMIT.changeSet.commit };

    const { visited } = await walk({
      ...SWARM,
      verify: (visit) => ({ evidence: visit === 1 ? red : GREEN }),
      correct: (visit) => ({ corrections: visit, commits: visit === 1 ? [COMMIT] : [OTHER] }),
    });

    expect(visited.slice(7)).toEqual(["verify", "correct", "correct", "verify", "propose"]);
  });

  it("of a pull request that is merged with its base is short", async () => {
    const { visited } = await walk({ verify: () => ({ evidence: GREEN }) }, "resolve");

    expect(visited).toEqual(["admit", "prepare", "resolve", "verify", "update"]);
  });

  it("of such a pull request goes back to the merge that came too late", async () => {
    const { visited, state } = await walk(
      {
        verify: () => ({ evidence: GREEN }),
        update: (visit) =>
          visit === 1 ? { evidence: undefined, round: 1 } : { outcome: sampleOutcome },
      },
      "resolve",
    );

    expect(visited.slice(2)).toEqual([
      "resolve",
      "verify",
      "update",
      "resolve",
      "verify",
      "update",
    ]);
    expect(state).toMatchObject({ round: 1, evidence: GREEN });
  });

  it.each(["prepare", "resolve", "verify"] as const)(
    "of such a pull request ends where %s says so",
    async (name) => {
      const { visited } = await walk({ [name]: () => ({ outcome: sampleOutcome }) }, "resolve");

      expect(visited.at(-1)).toBe(name);
    },
  );

  it("adds up the tokens of all stages", async () => {
    const { state } = await walk({
      ...SWARM,
      verify: (visit) => ({ evidence: visit === 1 ? RED : GREEN }),
      correct: () => ({ usage: USAGE }),
    });

    expect(state.usage).toEqual({ calls: 3, input: 30, cachedInput: 0, output: 15 });
  });
});

describe("an outcome ends the road", () => {
  const before: Record<
    Exclude<StageName, "correct" | "propose" | "resolve" | "update">,
    readonly StageName[]
  > = {
    admit: ["admit"],
    prepare: ["admit", "prepare"],
    diagnose: ["admit", "prepare", "diagnose"],
    repair: ["admit", "prepare", "diagnose", "repair"],
    plan: ["admit", "prepare", "diagnose", "repair", "plan"],
    work: ["admit", "prepare", "diagnose", "repair", "plan", "work"],
    merge: ["admit", "prepare", "diagnose", "repair", "plan", "work", "merge"],
    verify: ["admit", "prepare", "diagnose", "repair", "plan", "work", "merge", "verify"],
  };

  it.each(Object.entries(before))("in %s", async (name, expected) => {
    const found = SWARM[name as StageName]?.(1);
    const ending = { ...found, outcome: sampleOutcome };

    const { visited, state } = await walk({ ...SWARM, [name]: () => ending });

    expect(visited).toEqual(expected);
    expect(state.outcome).toEqual(sampleOutcome);
  });

  it("in a correction", async () => {
    const { visited } = await walk({
      ...SWARM,
      verify: () => ({ evidence: RED }),
      correct: () => ({ outcome: sampleOutcome }),
    });

    expect(visited.slice(-2)).toEqual(["verify", "correct"]);
  });

  it("and a road without end is stopped", async () => {
    const walking = walk({ ...SWARM, verify: () => ({ evidence: RED }) });

    await expect(walking).rejects.toThrow(/recursion limit/i);
  });
});
