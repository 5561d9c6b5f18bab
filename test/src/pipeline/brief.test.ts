import { expect, it } from "vitest";
import { briefOf, readBriefed } from "../../../src/pipeline/brief.ts";
import type { TaskState } from "../../../src/pipeline/task-state.ts";
import type { Workbench } from "../../../src/pipeline/workbench.ts";
import { sampleEvidence } from "../../contracts/samples.ts";
import { write } from "../git/sample-repository.ts";
import { watchedBench } from "./watched-bench.ts";

async function readBrief(bench: Workbench, state: TaskState, signal: AbortSignal) {
  const told = { revision: undefined, limits: undefined, signal };
  return await briefOf(await bench.mirror(), await readBriefed(bench, state, told));
}

const FILES = {
  "README.md": "# shop\n",
  "package.json": "{}\n",
  "AGENTS.md": "Tests first.\n",
  ".github/copilot-instructions.md": "Use tabs.\n",
  "src/deep/total.ts": "export function everyFile() {}\n",
  "secrets.txt": "not shown\n",
};

it("the architect reads the request and where it leads, the issue, all paths, the files that explain most and the repository's rules", async () => {
  const { bench, state, signal } = await watchedBench({ files: FILES });
  const task = { ...state().task, request: "everyFile() says no" };

  const brief = await readBrief(bench, state({ task, baseline: sampleEvidence }), signal);

  expect(brief).toEqual({
    request: "everyFile() says no",
    issue: { title: "Say yes", body: "" },
    paths: [
      ".github/copilot-instructions.md",
      "AGENTS.md",
      "README.md",
      "package.json",
      "secrets.txt",
      "src/deep/total.ts",
    ],
    found: [
      {
        path: "src/deep/total.ts",
        reasons: ['defines "everyFile"', 'has "everyFile"'],
        lines: [{ line: 1, text: "export function everyFile() {}" }],
      },
    ],
    files: [
      { path: "README.md", content: "# shop\n" },
      { path: "package.json", content: "{}\n" },
    ],
    rules: [
      { path: "AGENTS.md", content: "Tests first.\n" },
      { path: ".github/copilot-instructions.md", content: "Use tabs.\n" },
    ],
    checks: sampleEvidence.checks.map((check) => ({ ...check, output: "" })),
  });
});

it("of the branch as it is, with the checks as they stand there, and the rules of the default branch", async () => {
  const { bench, state, mirror, upstream, signal } = await watchedBench({ files: FILES });
  const edits = [
    write("added.txt", "new\n"),
    write("README.md", "# better\n"),
    write("AGENTS.md", "No rules.\n"),
  ];
  const changeSet = await mirror.commitEdits({ parent: upstream.main, edits, message: "fix" });
  const red = { ...sampleEvidence, checks: [], passed: false };

  const brief = await readBrief(
    bench,
    state({
      base: { branch: "pull", commit: changeSet.commit },
      environment: { commit: upstream.main },
      commits: [{ title: "fix", changeSet }],
      baseline: sampleEvidence,
      evidence: red,
    }),
    signal,
  );

  expect(brief.paths).toContain("added.txt");
  expect(brief.files[0]).toEqual({ path: "README.md", content: "# better\n" });
  expect(brief.rules?.[0]).toEqual({ path: "AGENTS.md", content: "Tests first.\n" });
  expect(brief.checks).toEqual([]);
});

it("what a red check prints leads to files, too", async () => {
  const { bench, state, signal } = await watchedBench({ files: FILES });
  const [sample] = sampleEvidence.checks;
  if (!sample) throw new Error("The sample has a check.");
  const check = { ...sample, passed: false, output: "at x (/app/src/deep/total.ts:1:3)" };

  const brief = await readBrief(
    bench,
    state({ baseline: { ...sampleEvidence, passed: false, checks: [check] } }),
    signal,
  );

  expect(brief.found?.[0]).toMatchObject({ path: "src/deep/total.ts" });
});

it("an empty repository is a brief too", async () => {
  const { bench, state, signal } = await watchedBench({ files: { "x.txt": "" } });

  expect(await readBrief(bench, state(), signal)).toMatchObject({
    files: [],
    rules: [],
    found: [],
    checks: [],
    paths: ["x.txt"],
  });
});
