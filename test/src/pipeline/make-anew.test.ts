import { expect, it } from "vitest";
import type { RegenerateFile } from "../../../src/merge/trees/tree-result.ts";
import { makeAnew } from "../../../src/pipeline/make-anew.ts";
import { freshSignal } from "../git/sample-repository.ts";
import { stageWorld } from "./stage-world.ts";

/** A file whose command is this script. */
function madeBy(path: string, script: string, changes: Partial<RegenerateFile> = {}) {
  const command = ["sh", "-c", script];
  const sides = { path, base: "base\n", ours: "ours\n", theirs: "theirs\n" };
  const by: RegenerateFile["by"] = {
    program: "sh",
    folder: "",
    command,
    offline: command,
    env: {},
    hosts: [],
    needs: [],
    reads: [],
    touches: [path],
    isOwnScript: changes.mayStand ?? path !== "made.lock",
    start: ({ ours }) => ours,
    refusal: () => undefined,
  };
  return { path, sides, mode: "100644", why: "Its rule", by, mayStand: false, ...changes } as const;
}

async function making(...files: readonly RegenerateFile[]) {
  const world = await stageWorld({ files: { "made.lock": "old\n", "a.snap": "joined\n" } });
  const { mirror, upstream } = world;
  const at = { bench: world.bench, mirror: await world.bench.mirror(), state: world.state() };
  const tree = await mirror.treeOf(upstream.main);
  const made = await makeAnew(
    { ...at, parent: upstream.main, tree, files, open: [] },
    freshSignal(),
  );
  return { ...made, shown: (path: string) => mirror.readFile(made.tree, path) };
}

it("lockfiles are made anew before the scripts that are installed from them", async () => {
  const { reports, shown } = await making(
    madeBy("a.txt", "cat made.lock > a.txt"),
    madeBy("made.lock", "echo new > made.lock"),
  );

  expect(reports.map(({ path, kind }) => [path, kind])).toEqual([
    ["made.lock", "merged"],
    ["a.txt", "merged"],
  ]);
  expect(await shown("a.txt")).toBe("new\n");
});

it("what cannot be made anew is a conflict, with the rule and what happened", async () => {
  const { reports } = await making(madeBy("made.lock", "exit 127"));

  expect(reports).toMatchObject([
    { kind: "conflicted", hunks: [{ why: "Its rule; the sandbox has no sh" }] },
  ]);
});

it("what the tests compare stands as git joined it where its script fails, and is not called made", async () => {
  const { reports, shown } = await making(madeBy("a.snap", "exit 1", { mayStand: true }));

  expect(reports).toMatchObject([
    {
      path: "a.snap",
      kind: "merged",
      hunks: [
        { stage: "git", confidence: "proposed", why: expect.stringMatching(/tests.*exit code 1/) },
      ],
    },
  ]);
  expect(await shown("a.snap")).toBe("joined\n");
});
