import { describe, expect, it } from "vitest";
import { NexusError } from "../../../../src/core/errors.ts";
import { resolve } from "../../../../src/pipeline/stages/resolve.ts";
import { update } from "../../../../src/pipeline/stages/update.ts";
import { verify } from "../../../../src/pipeline/stages/verify.ts";
import type { TaskState } from "../../../../src/pipeline/task-state.ts";
import { freshSignal, git } from "../../git/sample-repository.ts";
import { asked, BASE, BOTH, type Given, helping, PULL } from "./conflicting-pull.ts";

/** A pull request whose merge with its base is verified and not pushed yet. */
async function verified(given: Given = {}, changes: Partial<TaskState> = {}) {
  const all = await asked({ help: helping(BOTH), ...given });
  const state = { ...all.state, ...changes };
  const merged = { ...state, ...(await resolve(all.bench)(state, freshSignal())) };
  const { evidence } = await verify(all.bench)(merged, freshSignal());
  return { ...all, merged: { ...merged, evidence } };
}

type Verified = Awaited<ReturnType<typeof verified>>;
const THEIRS = { ...BASE, "a.txt": "1 theirs\n2\n3\n4\nyes\n" };
const updating = ({ bench, merged }: Verified, changes: Partial<TaskState> = {}) =>
  update(bench)({ ...merged, ...changes }, freshSignal());

describe("a base that went on while the merge was verified", () => {
  const conflicts = { ...THEIRS, "a.txt": "1 theirs again\n2\n3\n4\nyes\n" };

  it("does not keep it where its newest commits go in as well", async () => {
    const all = await verified();
    all.upstream.commit({ ...THEIRS, "b.txt": "more\n" }, { parents: [all.base] });

    const { outcome } = await updating(all);

    expect(outcome).toMatchObject({ kind: "resolved", base: { commit: all.base } });
    expect(all.wishes[0]).toMatchObject({ kind: "push", joins: all.base });
  });

  it("makes it anew where they do not, and what is pushed then has them", async () => {
    const all = await verified();
    const newest = all.upstream.commit(conflicts, { parents: [all.base] });

    const found = await updating(all);

    expect(found).toMatchObject({ round: 1, commits: [] });
    expect(found.outcome).toBeUndefined();
    expect(found.evidence).toBeUndefined();
    expect(all.wishes).toEqual([]);

    const help = helping("1 mine\n1 theirs again\n");
    const bench = { ...all.bench, mergeHelp: help };
    const state = { ...all.merged, ...found };
    const again = { ...state, ...(await resolve(bench)(state, freshSignal())) };
    const { evidence } = await verify(bench)(again, freshSignal());
    const { outcome } = await update(bench)({ ...again, evidence }, freshSignal());

    expect(outcome).toMatchObject({ kind: "resolved", base: { commit: newest } });
    expect(all.wishes[0]).toMatchObject({ kind: "push", base: all.head, joins: newest });
  });

  it("makes it anew so often and not for ever: what is verified goes out then", async () => {
    const all = await verified();
    all.upstream.commit(conflicts, { parents: [all.base] });

    const { outcome } = await updating(all, { round: 3 });

    expect(outcome).toMatchObject({ kind: "resolved", base: { commit: all.base } });
  });

  it("makes it anew where the platform's rules want its newest commits", async () => {
    const pullRequest = async () => ({ ...PULL, merges: "behind" as const });
    const all = await verified({ platform: { pullRequest } });
    all.upstream.commit({ ...THEIRS, "b.txt": "more\n" }, { parents: [all.base] });

    expect(await updating(all)).toMatchObject({ round: 1 });
    expect(all.wishes).toEqual([]);
  });
});

describe("a base that was rewritten while the merge was verified", () => {
  it("makes it anew: what was thrown away there is not brought back by this branch", async () => {
    const all = await verified();
    all.upstream.commit({ ...THEIRS, "b.txt": "x\n" }, { parents: [all.upstream.main] });

    expect(await updating(all)).toMatchObject({ round: 1 });
    expect(all.wishes).toEqual([]);
  });

  it("ends it where that happens each time", async () => {
    const all = await verified();
    all.upstream.commit({ ...THEIRS, "b.txt": "x\n" }, { parents: [all.upstream.main] });

    const { outcome } = await updating(all, { round: 3 });

    expect(outcome).toMatchObject({
      kind: "refused",
      reason: expect.stringContaining("rewritten"),
    });
    expect(all.wishes).toEqual([]);
  });
});

describe("what changed on the platform while the merge was verified", () => {
  it.each([
    ["the pull request was closed or merged", { state: "closed" }, "not open any more"],
    ["it goes into another branch now, this one", { base: "feature" }, "other work starts"],
  ] as const)("is asked again: %s", async (_name, changes, why) => {
    let now:
      | typeof PULL
      | (Omit<typeof PULL, "state" | "base"> & { state: "open" | "closed"; base: string }) = PULL;
    const all = await verified({ platform: { pullRequest: async () => now } });
    now = { ...PULL, ...changes };

    const { outcome } = await updating(all);

    expect(outcome).toMatchObject({ kind: "refused", reason: expect.stringContaining(why) });
    expect(all.wishes).toEqual([]);
  });

  it("is asked again: the branch was protected, or the right to ask was lost", async () => {
    let isProtected = false;
    let permission: "write" | "read" = "write";
    const all = await verified({
      platform: { isProtected: async () => isProtected, permission: async () => permission },
    });

    isProtected = true;
    const first = await updating(all);
    expect(first.outcome).toMatchObject({
      kind: "refused",
      reason: expect.stringContaining("protected"),
    });

    isProtected = false;
    permission = "read";
    const second = await updating(all);
    expect(second.outcome).toMatchObject({
      kind: "refused",
      reason: expect.stringContaining("no write access"),
    });
    expect(all.wishes).toEqual([]);
  });
});

describe("a branch that was moved while the merge was verified", () => {
  const kept = { request: "resolve", keepsMergeable: true };
  const moved = (all: Verified) =>
    all.upstream.commit(
      { ...BASE, "c.txt": "later\n" },
      { branch: "feature", parents: [all.head] },
    );

  it("is looked at anew where Nexus keeps it mergeable", async () => {
    const all = await verified();
    const commit = moved(all);

    const found = await updating(all, { task: { ...all.merged.task, ...kept } });

    expect(found).toMatchObject({ round: 1, base: { branch: "feature", commit }, commits: [] });
    expect(all.wishes).toEqual([]);
  });

  it("also where that is only seen by the push", async () => {
    const refused = new NexusError("github.refused", "The branch is not where it was.");
    const all = await verified();
    const bench = {
      ...all.bench,
      desk: {
        ...all.bench.desk,
        carryOut: async () => {
          moved(all);
          throw refused;
        },
      },
    };
    const task = { ...all.merged.task, ...kept };

    expect(await update(bench)({ ...all.merged, task }, freshSignal())).toMatchObject({ round: 1 });
    const asking = update(bench)(all.merged, freshSignal());
    await expect(asking).rejects.toBe(refused);
  });

  it("is refused where somebody waits for an answer: the publisher decides", async () => {
    const all = await verified();
    moved(all);

    await updating(all);

    expect(all.wishes[0]).toMatchObject({ kind: "push", base: all.head });
  });
});

describe("the body of the pull request", () => {
  it("of Nexus' own tells the merge at its end, each time in the same place", async () => {
    const all = await verified();
    const { bench, merged, upstream, head, wishes } = all;
    const issue = {
      title: "Tidy",
      body: "What and why.\n",
      author: "nexus",
      state: "open",
    } as const;
    const platform = { ...(await bench.platform()), issue: async () => issue };
    upstream.commit({ ...BASE, "a.txt": "1 mine\n2\n3\n4\nyes\n" }, { branch: "nexus/1-x" });
    git(upstream.gitDir, ["update-ref", "refs/heads/nexus/1-x", head]);
    const own = { ...merged, base: { branch: "nexus/1-x", commit: head } };

    await update({ ...bench, platform: async () => platform })(own, freshSignal());

    const told = wishes.find(({ kind }) => kind === "pull-request");
    expect(told).toMatchObject({
      number: 12,
      branch: "nexus/1-x",
      base: "main",
      title: PULL.title,
    });
    expect(told).toMatchObject({
      body: expect.stringMatching(
        /^What and why\.\n\n<!-- nexus:merge -->[\s\S]*`a\.txt` \| a model/,
      ),
    });
  });

  it("of a person's is theirs", async () => {
    const all = await verified();

    await updating(all);

    expect(all.wishes.map(({ kind }) => kind)).toEqual(["push", "check-run"]);
  });
});
