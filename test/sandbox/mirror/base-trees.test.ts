import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { viewOf } from "../../../sandbox/changes/frozen-tree.ts";
import type { BaseTrees, CommitAt, TakenTree } from "../../../sandbox/mirror/base-trees.ts";
import { until } from "../../world/until.ts";
import { smallCommits } from "./small-commits.ts";
import { treesOfProcess } from "./tree-process.ts";

const LENGTH = 16;
let gitDir: string;
let commits: string[];
let folder: string;

/** One commit after the other, each with one more line in a file, and a file of the last one gone. */
beforeAll(async () => {
  gitDir = await mkdtemp(join(tmpdir(), "nexus-history-"));
  const states = Array.from({ length: LENGTH }, (_, index) => expected(index));
  ({ commits } = await smallCommits(gitDir, states));
});
afterAll(() => rm(gitDir, { recursive: true, force: true }));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nexus-trees-"));
  const made = folder;
  onTestFinished(() => rm(made, { recursive: true, force: true }));
});

const at = (index: number): CommitAt => ({ gitDir, commit: commits[index] ?? "" });

async function filesOf({ tree }: TakenTree): Promise<Record<string, string>> {
  const entries = await viewOf(tree).walk((path) => path === ".git");
  const files = entries.filter(({ kind }) => kind === "file");
  const read = files.map(async ({ path, place }) => [path, await readFile(place, "utf8")]);
  return Object.fromEntries(await Promise.all(read));
}

const expected = (index: number) => ({
  "kept/always": "always",
  lines: "x".repeat(index),
  [`once/${index}`]: "here",
});

async function takenOnce(trees: BaseTrees, index: number): Promise<TakenTree> {
  const taken = await trees.take(at(index));
  await taken.release();
  return taken;
}

const names = async () => (await readdir(join(folder, "trees"))).sort();

describe("trees of commits", { timeout: 120_000 }, () => {
  it("stand on a near one that is prepared, and show the files of their commit", async () => {
    let checkouts = 0;
    const trees = treesOfProcess(folder);
    const counting = treesOfProcess(folder, {
      async checkout() {
        checkouts += 1;
      },
    });

    const first = await trees.take(at(0));
    const second = await counting.take(at(1));
    const again = await counting.take(at(1));

    expect([first, second, again].map(({ tree }) => tree.folders.length)).toEqual([1, 2, 2]);
    expect(second.tree.folders[1]).toBe(first.tree.folders[0]);
    expect(await filesOf(first)).toEqual(expected(0));
    expect(await filesOf(second)).toEqual(expected(1));
    expect(checkouts).toBe(0);
  });

  it("stand on few others, however many commits come one after the other", async () => {
    const trees = treesOfProcess(folder);
    const depths: number[] = [];

    for (let index = 0; index < LENGTH; index += 1) {
      const taken = await takenOnce(trees, index);
      depths.push(taken.tree.folders.length);
      expect(await filesOf(taken)).toEqual(expected(index));
    }

    // The thirteenth goes back to the first, whole one.
    expect(depths).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 2, 3, 4, 5, 6]);
  });

  it("keep what they stand on, and let it go with them", async () => {
    const trees = treesOfProcess(folder, { keep: 1 });
    await takenOnce(trees, 0);
    await takenOnce(trees, 1);

    await trees.tidy();
    expect(await names()).toEqual([at(0).commit, at(1).commit].sort());
    await (await treesOfProcess(folder, { deltas: undefined }).take(at(9))).release();
    await trees.tidy();

    expect(await names()).toEqual([at(9).commit]);
  });

  it.each<[string, NonNullable<Parameters<typeof treesOfProcess>[1]>["deltas"]]>([
    ["nothing near is prepared", { nearest: async () => undefined, write: async () => true }],
    [
      "this machine makes no whiteouts",
      { nearest: async () => ({ commit: at(0).commit, paths: 1 }), write: async () => false },
    ],
    [
      "the delta fails half-way",
      {
        nearest: async () => ({ commit: at(0).commit, paths: 1 }),
        async write(delta) {
          await writeFile(join(delta.folder, "half"), "");
          throw new Error("disk trouble");
        },
      },
    ],
    ["nobody can make deltas", undefined],
  ])("are checked out where %s", async (_name, deltas) => {
    const trees = treesOfProcess(folder, { deltas });
    await takenOnce(trees, 0);

    const taken = await takenOnce(trees, 1);

    expect(taken.tree.folders).toHaveLength(1);
    expect(await filesOf(taken)).toEqual(expected(1));
  });

  it("are made once by processes that want them at the same time", async () => {
    const [mine, others] = [treesOfProcess(folder), treesOfProcess(folder)];
    await takenOnce(mine, 0);

    const taken = await Promise.all([mine, mine, others].map((trees) => trees.take(at(1))));

    for (const one of taken) expect(await filesOf(one)).toEqual(expected(1));
    expect(await names()).toEqual([at(0).commit, at(1).commit].sort());
  });

  it.each([
    ["a checkout", 0],
    ["a delta", 1],
  ])("are whole or not there when a process dies in %s", async (_name, index) => {
    const trees = treesOfProcess(folder);
    if (index > 0) await takenOnce(trees, 0);
    const before = index > 0 ? [at(0).commit] : [];
    const self = fileURLToPath(new URL("tree-process.ts", import.meta.url));
    const child = spawn(process.execPath, [self, folder, gitDir, at(index).commit]);
    const ended = once(child, "exit");
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (text) => (output += text));
    await until(() => output.includes("writing"), {
      what: "the other process to write",
      orFail: () => child.exitCode !== null && output,
    });
    child.kill("SIGKILL");
    await ended;

    await trees.tidy();
    expect(await names()).toEqual(before);
    const taken = await takenOnce(trees, index);

    expect(await filesOf(taken)).toEqual(expected(index));
  });

  it("are made whole again when what they stand on is missing", async () => {
    const trees = treesOfProcess(folder);
    for (const index of [0, 1, 2]) await takenOnce(trees, index);
    await rm(join(folder, "trees", at(1).commit), { recursive: true });

    const taken = await takenOnce(trees, 2);

    expect(taken.tree.folders).toHaveLength(2);
    expect(await filesOf(taken)).toEqual(expected(2));
  });

  it.each([
    ["half a record", '{"gitDir":'],
    ["a record of nothing", "{}"],
    ["an empty record", ""],
  ])("are made anew where a power failure has left %s", async (_name, record) => {
    const trees = treesOfProcess(folder);
    for (const index of [0, 1]) await takenOnce(trees, index);
    await writeFile(join(folder, "trees", at(1).commit, "record.json"), record);

    const taken = await takenOnce(trees, 1);
    const next = await takenOnce(trees, 2);

    expect(await filesOf(taken)).toEqual(expected(1));
    expect(await filesOf(next)).toEqual(expected(2));
  });

  it("stand on ground from wherever its commit is known", async () => {
    const copy = join(folder, "copy");
    await cp(gitDir, copy, { recursive: true });
    const trees = treesOfProcess(folder);
    for (const index of [0, 1]) await (await trees.take({ ...at(index), gitDir: copy })).release();
    await rm(copy, { recursive: true });
    await rm(join(folder, "trees", at(0).commit), { recursive: true });

    const taken = await takenOnce(trees, 1);

    expect(taken.tree.folders).toHaveLength(2);
    expect(await filesOf(taken)).toEqual(expected(1));
  });

  it("do not wait for one another while they are made", async () => {
    const both = Promise.withResolvers<void>();
    const asked: string[] = [];
    const trees = treesOfProcess(folder, {
      deltas: {
        async nearest({ commit }) {
          asked.push(commit);
          if (asked.length === 2) both.resolve();
          await both.promise;
          return { commit: at(commit === at(1).commit ? 2 : 1).commit, paths: 1 };
        },
        write: async () => false,
      },
    });
    await takenOnce(trees, 0);

    const taken = await Promise.all([trees.take(at(1)), trees.take(at(2))]);

    expect(await filesOf(taken[0])).toEqual(expected(1));
    expect(await filesOf(taken[1])).toEqual(expected(2));
  });

  it("fail with the reason when there is no such commit, and leave nothing", async () => {
    const trees = treesOfProcess(folder);

    const taking = trees.take({ gitDir, commit: "f".repeat(40) });

    await expect(taking).rejects.toMatchObject({ code: "git.failed" });
    await expect(trees.take({ gitDir, commit: "main" })).rejects.toThrow("full id");
    expect(await names()).toEqual([]);
  });
});
