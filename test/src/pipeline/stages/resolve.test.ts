import { describe, expect, it } from "vitest";
import { NexusError } from "../../../../src/core/errors.ts";
import { takeBundle } from "../../../../src/git/bundle.ts";
import { createGit } from "../../../../src/git/git.ts";
import { shadowRun } from "../../../../src/pipeline/shadow-run.ts";
import { resolve } from "../../../../src/pipeline/stages/resolve.ts";
import { update } from "../../../../src/pipeline/stages/update.ts";
import { verify } from "../../../../src/pipeline/stages/verify.ts";
import type { TaskState } from "../../../../src/pipeline/task-state.ts";
import { fakeModel } from "../../../fakes/fake-model.ts";
import { outOfMoney } from "../../../fakes/out-of-money.ts";
import { freshSignal, git, write } from "../../git/sample-repository.ts";
import { YES } from "../stage-world.ts";
import { asked, BASE, BOTH, type Given, helping, PULL } from "./conflicting-pull.ts";

async function resolving(given: Given = {}, changes: Partial<TaskState> = {}) {
  const all = await asked(given);
  const state = { ...all.state, ...changes };
  return { ...all, found: await resolve(all.bench)(state, freshSignal()) };
}

describe("a conflict that is left", () => {
  it("is the outcome, with what both sides wanted, and nothing is committed", async () => {
    const { found, head, base } = await resolving();

    expect(found.commits).toBeUndefined();
    expect(found.outcome).toMatchObject({
      kind: "conflicted",
      files: ["a.txt"],
      merge: {
        base: { branch: "main", commit: base },
        head,
        report: [{ path: "a.txt", kind: "conflicted" }],
        left: [
          {
            path: "a.txt",
            places: [{ line: 1, before: "1\n", ours: "1 mine\n", theirs: "1 theirs\n" }],
            ours: ["Say mine", "by a person"],
            theirs: ["by a person"],
            proposals: [],
          },
        ],
      },
    });
  });

  it("is left also where a model says that people must decide, in its words", async () => {
    const { found } = await resolving({ help: helping(null) });

    expect(found.outcome).toMatchObject({
      kind: "conflicted",
      merge: { left: [{ proposals: [{ stage: "model" }] }] },
    });
    expect(found.usage?.calls).toBeGreaterThan(0);
  });

  it("ends for want of money where nothing else keeps a model from settling it", async () => {
    const help = { ...helping("x"), model: fakeModel([outOfMoney()]) };
    const { found } = await resolving({ help });

    expect(found.outcome).toMatchObject({ kind: "budget-exhausted", cap: "task", limit: 5 });
    expect(found.commits).toBeUndefined();
  });

  it("of kinds that no text settles costs no token", async () => {
    const help = helping("x");
    const mine = { "a.txt": { mode: "120000", content: "mine" } };
    const theirs = { "a.txt": { mode: "120000", content: "theirs" } };

    const { found } = await resolving({ mine, theirs, help });

    expect(found.outcome).toMatchObject({ kind: "conflicted", files: ["a.txt"] });
    expect(found.usage?.calls ?? 0).toBe(0);
  });
});

describe("what a model puts together", () => {
  it("is a merge of head and base, proposed until the checks are green on it", async () => {
    const help = helping(BOTH);
    const { found, bench, state, head, base, wishes } = await resolving({ help });
    const merged = { ...state, ...found };

    const [commit] = found.commits ?? [];
    const { gitDir } = await bench.mirror();
    const parents = git(gitDir, ["show", "-s", "--format=%P", commit?.changeSet.commit ?? ""]);
    expect(parents).toBe(`${head} ${base}`);
    expect(found.checks).toEqual([YES]);
    expect(found.merged).toMatchObject([
      { path: "a.txt", kind: "merged", hunks: [{ stage: "model", confidence: "proposed" }] },
    ]);
    expect(help.kept).toEqual([]);

    const { evidence } = await verify(bench)(merged, freshSignal());
    expect(evidence).toMatchObject({
      passed: true,
      merge: [{ hunks: [{ stage: "model", confidence: "checked" }] }],
    });

    const { outcome } = await update(bench)({ ...merged, evidence }, freshSignal());
    expect(wishes.map(({ kind }) => kind)).toEqual(["push", "check-run"]);
    expect(wishes[0]).toMatchObject({
      branch: "feature",
      base: head,
      joins: base,
      head: commit?.changeSet.commit,
    });
    expect(outcome).toMatchObject({
      kind: "resolved",
      pullRequest: { number: 12, url: PULL.url, branch: "feature" },
      base: { branch: "main", commit: base },
    });
    expect(help.kept).toEqual([BOTH]);
  });

  it("is not pushed and not remembered where a check is red on it", async () => {
    const help = helping(BOTH);
    const theirs = { "a.txt": "1 theirs\n2\n3\n4\nno\n" };
    const { found, bench, state, wishes } = await resolving({ help, theirs });

    const verified = await verify(bench)({ ...state, ...found }, freshSignal());

    expect(verified.outcome).toMatchObject({
      kind: "checks-failed",
      corrections: 0,
      evidence: { merge: [{ hunks: [{ stage: "model", confidence: "proposed" }] }] },
    });
    expect(wishes).toEqual([]);
    expect(help.kept).toEqual([]);
  });

  it("is not pushed where the same check was red before, either: only green counts", async () => {
    const red = { "a.txt": "1 mine\n2\n3\n4\nno\n" };
    const theirs = { "a.txt": "1 theirs\n2\n3\n4\nno\n" };
    const { found, bench, state, head, wishes } = await resolving({
      help: helping(BOTH),
      mine: red,
      theirs,
    });

    const merged = { ...state, ...found };
    const verified = await verify(bench)(merged, freshSignal());

    expect(verified.outcome).toMatchObject({
      kind: "checks-failed",
      before: { commit: head, passed: false, checks: [{ name: "yes", passed: false }] },
    });
    const { evidence, outcome } = verified;
    const baseline = outcome?.kind === "checks-failed" ? outcome.before : undefined;
    const updating = update(bench)({ ...merged, evidence, baseline }, freshSignal());
    await expect(updating).rejects.toMatchObject({ code: "git.failed" });
    expect(wishes).toEqual([]);
  });

  it("is not pushed where the evidence is of another commit", async () => {
    const { found, bench, state, head, wishes } = await resolving({ help: helping(BOTH) });
    const mirror = await bench.mirror();
    const where = { sandbox: bench.sandbox, mirror, taskId: "t", base: head, commit: head };
    const evidence = await shadowRun({ ...where, checks: [YES] }, freshSignal());

    const updating = update(bench)({ ...state, ...found, evidence }, freshSignal());

    await expect(updating).rejects.toMatchObject({ code: "git.failed" });
    expect(wishes).toEqual([]);
  });
});

describe("the proof on the head", () => {
  it("that cannot be written takes nothing from what was pushed, and is said", async () => {
    const refused = { "check-run": new NexusError("github.refused", "Not accessible") };
    const { found, bench, state } = await resolving({ help: helping(BOTH), refused });
    const merged = { ...state, ...found };
    const { evidence } = await verify(bench)(merged, freshSignal());

    const { outcome } = await update(bench)({ ...merged, evidence }, freshSignal());

    expect(outcome).toMatchObject({ kind: "resolved", checkRunProblem: "Not accessible" });
  });
});

describe("Nexus' own pull request, kept mergeable without being asked", () => {
  const keeps = async (all: Awaited<ReturnType<typeof asked>>, head: string) => {
    const task = { ...all.state.task, keepsMergeable: true };
    const state = { ...all.state, task, base: { branch: "nexus/1-x", commit: head } };
    return resolve(all.bench)(state, freshSignal());
  };
  /** A commit of Nexus' own on the base from which everything started. */
  const ours = async ({ mirror, upstream }: Awaited<ReturnType<typeof asked>>, parent: string) => {
    const edits = [write("a.txt", "1 nexus\n2\n3\n4\nyes\n"), write("b.txt", "x\n")];
    const made = await mirror.commitEdits({ parent, edits, message: "feat: x" });
    // There as after a push.
    const bundle = await mirror.bundle(upstream.main, made.commit);
    await takeBundle(createGit(), upstream.gitDir, bundle);
    git(upstream.gitDir, ["update-ref", "refs/heads/nexus/1-x", made.commit]);
    return made.commit;
  };

  it("is merged while nobody else has committed to it", async () => {
    const all = await asked({ help: helping("1 nexus\n1 theirs\n") });

    const found = await keeps(all, await ours(all, all.upstream.main));

    expect(found.outcome).toBeUndefined();
    expect(found.commits).toHaveLength(1);
  });

  it.each(["below", "above"])("is left alone once a person has committed %s", async (place) => {
    const all = await asked({ help: helping("1 nexus\n1 theirs\n") });
    const { upstream } = all;
    const at = { branch: "nexus/1-x" };
    const files = { ...BASE, "c.txt": "c\n" };
    let head: string;
    if (place === "below") {
      const theirs = upstream.commit(files, { ...at, parents: [upstream.main] });
      await (await all.bench.mirror()).fetch("nexus/1-x", freshSignal());
      head = await ours(all, theirs);
    } else {
      head = upstream.commit(files, { ...at, parents: [await ours(all, upstream.main)] });
      await (await all.bench.mirror()).fetch("nexus/1-x", freshSignal());
    }

    const found = await keeps(all, head);

    expect(found.outcome).toMatchObject({
      kind: "refused",
      reason: expect.stringContaining("A person has committed"),
    });
  });
});

it("a pull request that is only behind is merged where the platform's rules want that", async () => {
  const pullRequest = async () => ({ ...PULL, merges: "behind" as const });
  const { found } = await resolving({ theirs: { "b.txt": "theirs\n" }, platform: { pullRequest } });

  expect(found.outcome).toBeUndefined();
  expect(found.merged).toEqual([]);
  expect(found.commits).toHaveLength(1);
});

describe("nothing has to be resolved", () => {
  it.each([
    ["where git merges the two alone", { theirs: { "b.txt": "theirs\n" } }],
    ["where both sides did the same", { theirs: { "a.txt": "1 mine\n2\n3\n4\nyes\n" } }],
  ])("%s", async (_name, given) => {
    const { found } = await resolving(given);

    expect(found.outcome).toMatchObject({
      kind: "nothing-to-do",
      reason: expect.stringContaining("main without a conflict"),
    });
    expect(found.commits).toBeUndefined();
  });
});

describe("a branch that is not Nexus' to move is refused in words", () => {
  it.each([
    ["a closed pull request", { pullRequest: async () => ({ ...PULL, state: "closed" as const }) }],
    ["a protected branch", { isProtected: async () => true }],
    [
      "the default branch",
      { repository: async () => ({ defaultBranch: "feature", private: true }) },
    ],
    ["the base itself", { pullRequest: async () => ({ ...PULL, base: "feature" }) }],
  ])("%s", async (_name, platform) => {
    const { found, wishes } = await resolving({ platform });

    expect(found.outcome).toMatchObject({ kind: "refused", reason: expect.any(String) });
    expect(wishes).toEqual([]);
  });

  it("an issue", async () => {
    const all = await asked();
    const task = { ...all.state.task, isPullRequest: false };

    const found = await resolve(all.bench)({ ...all.state, task }, freshSignal());

    expect(found.outcome).toMatchObject({ kind: "refused" });
  });

  it("one that shares no history with its base", async () => {
    const all = await asked();
    const alone = all.upstream.commit({ "a.txt": "x\n" }, { branch: "feature" });
    await (await all.bench.mirror()).fetch("feature", freshSignal());
    const state = { ...all.state, base: { branch: "feature", commit: alone } };

    const found = await resolve(all.bench)(state, freshSignal());

    expect(found.outcome).toMatchObject({ kind: "refused" });
  });
});

it("the checks are those of the default branch, whatever the branches say of them", async () => {
  const policy = { ".github/nexus.yml": "checks:\n  - name: evil\n    command: evil\n" };

  const { found } = await resolving({
    help: helping(BOTH),
    mine: { "a.txt": "1 mine\n2\n3\n4\nyes\n", ...policy },
  });

  expect(found.checks).toEqual([YES]);
});
