import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { born, linear, mergedByPeople } from "./merge/made-repository.ts";
import { merge } from "./merge.ts";
import type { Report } from "./report.ts";

let folder = "";
let repository = "";
let report: Report;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nexus-bench-test-"));
  repository = await made("some-project", mergedByPeople);
  report = await merge.run({ ...silent, operands: [repository] });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const silent = { quick: true, say: () => undefined };

describe("the bench of merges", () => {
  it("says what each merger did with the files on which git stopped", () => {
    const { rows, goals } = report;

    const of = (name: string) => rows.find(({ merger, of }) => merger === name && of !== "code");
    expect(of("merge-ort")).toMatchObject({
      repository: "some-project",
      of: "2 merges, 50 % stop",
      files: 3,
    });
    expect(of("git merge-file")).toMatchObject({ files: 2, "clean %": 0 });
    // What people committed with its markers is compared with nothing.
    // One file has both lines in the other order; one has a line that people did not keep.
    expect(of("git merge-file --union")).toMatchObject({ files: 2, "exact %": 0, "wrong %": 50 });
    expect(of("nexus")).toMatchObject({ files: 2, lost: 0, back: 0 });
    expect(goals.map(({ name }) => name)).toEqual([
      "some-project, all: % of the clean exact",
      "some-project, all: % of the clean with lost or returned lines",
      "some-project, all: p95 ms",
      "ms of a file of 10,000 lines",
    ]);
  });

  it("says the same again, and leaves the repository as it was", async () => {
    const objects = () =>
      execFileSync("git", ["count-objects", "-v"], { cwd: repository }).toString();
    const before = objects();
    const told = ({ rows }: Report) =>
      rows.map((row) => Object.entries(row).filter(([name]) => !name.endsWith(" ms")));

    const again = await merge.run({ ...silent, operands: [repository] });

    expect(told(again)).toEqual(told(report));
    expect(objects()).toBe(before);
  });

  it.each<[string, () => Promise<string>, string]>([
    ["no folder", async () => join(folder, "nowhere"), "there is no folder "],
    ["a file", () => made("file", (path) => writeFile(path, "x")), " is no folder"],
    ["a folder without a repository", () => made("empty", mkdir), " is no git repository"],
    ["a repository without a merge", () => made("linear", linear), " has no merge commits"],
    ["a repository without a commit", () => made("born", born), " has no merge commits"],
  ])("refuses %s in one line", async (_, make, why) => {
    const path = await make();

    const run = merge.run({ ...silent, operands: [path] });

    await expect(run).rejects.toMatchObject({
      code: "config.invalid",
      message: expect.stringContaining(why),
    });
    await expect(run).rejects.toThrow(/^[^\n]+$/);
  });
});

async function made(name: string, make: (path: string) => Promise<unknown>): Promise<string> {
  const path = join(await mkdtemp(join(folder, "try-")), name);
  await make(path);
  return path;
}
