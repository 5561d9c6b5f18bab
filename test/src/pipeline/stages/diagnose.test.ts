import { describe, expect, it } from "vitest";
import { diagnose } from "../../../../src/pipeline/stages/diagnose.ts";
import { repair } from "../../../../src/pipeline/stages/repair.ts";
import { sampleEvidence } from "../../../contracts/samples.ts";
import { YES } from "../stage-world.ts";
import { watchedBench } from "../watched-bench.ts";

/** A package whose format check is red, with a formatter of its own: no dependency to install. */
const UGLY = {
  "package.json": JSON.stringify({ scripts: { "format:check": "prettier --check a.txt" } }),
  "node_modules/.bin/prettier": "#!/bin/sh\nshift\n",
  "a.txt": "ugly\n",
};
const FORMAT = { name: "format:check", command: "npm run format:check" };

describe("the checks on the base", () => {
  it("that are red are the baseline of a repair, and evidence is kept of them", async () => {
    const { bench, state, upstream, opened, tracked, signal } = await watchedBench();
    const task = { ...state().task, request: "fix the tests" };

    const update = await diagnose(bench)(state({ task }), signal);

    expect(update.outcome).toBeUndefined();
    expect(update.baseline).toMatchObject({
      base: upstream.main,
      commit: upstream.main,
      passed: false,
      checks: [{ name: "yes", passed: false, exitCode: 1, output: "no yes\n" }],
    });
    expect(opened).toMatchObject([{ commit: upstream.main, taskId: "t" }]);
    expect(tracked).toEqual(["running the checks on the base"]);
  });

  it("that are green leave a repair nothing to do", async () => {
    const { bench, state, signal } = await watchedBench({ files: { "a.txt": "yes\n" } });
    const task = { ...state().task, request: "fix the tests" };

    const { outcome, baseline } = await diagnose(bench)(state({ task }), signal);

    expect(outcome).toMatchObject({ kind: "nothing-to-do", evidence: baseline });
  });

  it("that are green are the baseline of a change", async () => {
    const { bench, state, signal } = await watchedBench({ files: { "a.txt": "yes\n" } });

    const { outcome, baseline } = await diagnose(bench)(state(), signal);

    expect(outcome).toBeUndefined();
    expect(baseline?.passed).toBe(true);
  });

  it("are run on the base alone, with nothing kept where there are none", async () => {
    const { bench, state, opened, signal } = await watchedBench();

    const { outcome } = await diagnose(bench)(state({ checks: [] }), signal);

    expect(outcome).toMatchObject({ kind: "no-checks" });
    expect(opened).toEqual([]);
  });
});

describe("a repair by rule", () => {
  const redWith = (output: string) => ({
    ...sampleEvidence,
    passed: false,
    checks: sampleEvidence.checks.map((check) => ({ ...check, ...FORMAT, passed: false, output })),
  });

  it("is not tried where a change was asked for, nor before the checks were run", async () => {
    const { bench, state, opened, signal } = await watchedBench({ files: UGLY });
    const task = { ...state().task, request: "fix the tests" };

    expect(await repair(bench)(state({ baseline: redWith("") }), signal)).toEqual({});
    expect(await repair(bench)(state({ task }), signal)).toEqual({});
    expect(opened).toEqual([]);
  });

  it("is not tried where no rule knows the failure", async () => {
    const { bench, state, opened, signal } = await watchedBench();
    const task = { ...state().task, request: "fix the tests" };
    const checks = sampleEvidence.checks.map((check) => ({ ...check, ...YES, passed: false }));
    const baseline = { ...sampleEvidence, passed: false, checks };

    expect(await repair(bench)(state({ task, baseline }), signal)).toEqual({});
    expect(opened).toEqual([]);
  });

  it("becomes a commit of what the tool changed, named by its rule", async () => {
    const tidy = { ...UGLY, "node_modules/.bin/prettier": "#!/bin/sh\necho tidy > a.txt\n" };
    const world = await watchedBench({ files: tidy });
    const { bench, state, mirror, upstream, tracked, signal } = world;
    const task = { ...state().task, request: "fix the format" };
    const edits = [
      {
        kind: "write" as const,
        path: "node_modules/.bin/prettier",
        mode: "100755" as const,
        content: Buffer.from("#!/bin/sh\necho tidy > a.txt\n"),
      },
    ];
    const { commit } = await mirror.commitEdits({ parent: upstream.main, edits, message: "run" });
    const base = { branch: "main", commit };

    const { commits } = await repair(bench)(
      state({ task, base, baseline: redWith("a.txt") }),
      signal,
    );

    expect(commits).toHaveLength(1);
    expect(commits?.[0]).toMatchObject({
      title: "Repair by rule: prettier",
      changeSet: { base: commit, files: [{ path: "a.txt", status: "modified" }] },
    });
    expect(await mirror.readFile(commits?.[0]?.changeSet.commit ?? "", "a.txt")).toBe("tidy\n");
    expect(tracked).toEqual(["repairing by rule: prettier"]);
  });

  it("that changes nothing is none", async () => {
    const { bench, state, opened, signal } = await watchedBench({ files: UGLY });
    const task = { ...state().task, request: "fix the format" };

    const update = await repair(bench)(state({ task, baseline: redWith("a.txt") }), signal);

    expect(update).toEqual({});
    expect(opened).toHaveLength(1);
  });
});
