import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createGit } from "../../../src/git/git.ts";
import { createCommitReader } from "../../../src/git/read-commit.ts";
import { createCommitWriter } from "../../../src/git/write-commit.ts";
import { type SmallRepository, smallRepository } from "../small-repository.ts";
import { noDocker, type TestSandbox, testSandbox } from "../test-sandbox.ts";
import { editScript, folderOf, startingFiles } from "./edit-script.ts";

const SCRIPTS = 100;
const PROGRAM = join(import.meta.dirname, "run-edits.ts");
const MINUTES = 60_000;

describe.skipIf(noDocker)("the tree that is carried out", () => {
  let repository: SmallRepository;
  beforeAll(async () => {
    repository = await smallRepository(startingFiles(SCRIPTS));
  });
  afterAll(() => repository[Symbol.asyncDispose]());

  describe.each([
    ["an overlay", "overlay" as const, 10],
    ["a copy", "copy" as const, 1],
  ])("of %s", (_what, mirror, sessions) => {
    let parts: TestSandbox;
    beforeAll(async () => {
      parts = await testSandbox({ mirror });
    });
    afterAll(() => parts[Symbol.asyncDispose]());

    const seeds = Array.from({ length: sessions }, (_, at) => at * 1_000);
    it(`is the sandbox's own after ${sessions * SCRIPTS} random scripts`, {
      timeout: 10 * MINUTES,
    }, async () => {
      // One list for all who work: each takes the next.
      const rest = seeds.values();
      const work = async () => {
        for (const seed of rest) await tryScripts({ parts, repository, seed });
      };
      // Nothing is taken away under those who still work.
      const ends = await Promise.allSettled([work(), work(), work()]);
      for (const end of ends) if (end.status === "rejected") throw end.reason;
    });
  });
});

interface Trial {
  readonly parts: TestSandbox;
  readonly repository: SmallRepository;
  readonly seed: number;
}

/** Runs a script in each folder of one session, and compares what the sandbox has then with the commit made of it. */
async function tryScripts({ parts, repository, seed }: Trial): Promise<void> {
  const scripts = Array.from({ length: SCRIPTS }, (_, at) => editScript(seed + at, folderOf(at)));
  const never = new AbortController().signal;
  await using session = await parts.sandbox.open({ ...repository, taskId: "scripts" }, never);
  const program = await readFile(PROGRAM, "utf8");
  const node = ["node", "--no-warnings", "--input-type=module-typescript", "--eval", program];
  const ran = await session.run(node, {
    stdin: Buffer.from(JSON.stringify(scripts.flat())),
    timeoutMs: 2 * MINUTES,
  });
  expect(ran).toMatchObject({ exitCode: 0, truncated: false });
  const { done, tree } = JSON.parse(gunzipSync(Buffer.from(ran.output, "base64")).toString());

  const edits = await session.changes();

  const carried = await treeOf(repository, edits);
  const differs = [...new Set([...carried, ...tree])].filter(
    (line) => carried.includes(line) !== tree.includes(line),
  );
  const folders = new Set(differs.map((line) => line.slice(48, 51)));
  const guilty = scripts.flatMap((script, at) =>
    folders.has(folderOf(at)) ? [{ seed: seed + at, script }] : [],
  );
  expect({ differs, guilty: JSON.stringify(guilty) }).toEqual({ differs: [], guilty: "[]" });
  // Most edits find what they need, or nothing would be tried.
  expect(done).toBeGreaterThan(SCRIPTS * 5);
  expect(edits.length).toBeGreaterThan(SCRIPTS * 2);
}

type Edits = Parameters<ReturnType<typeof createCommitWriter>["commitEdits"]>[0]["edits"];

/** What git holds after these edits were committed. */
async function treeOf({ gitDir, commit }: SmallRepository, edits: Edits): Promise<string[]> {
  const git = createGit();
  const read = createCommitReader(git, gitDir);
  const write = createCommitWriter(git, gitDir, { read });
  const made = await write.commitEdits({ parent: commit, edits, message: "scripts" });
  const entries = await read.entries(made.commit);
  return entries.map(({ mode, id, path }) => `${mode} ${id} ${path}`).sort();
}
