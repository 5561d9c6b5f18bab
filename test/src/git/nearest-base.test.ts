import { describe, expect, it } from "vitest";
import { nearestBase } from "../../../src/git/nearest-base.ts";
import { git, upstreamWith } from "./sample-repository.ts";

/** A commit of files with these names, all of one content; told to git at once, they may be many. */
function commitOf(gitDir: string, content: string, names: readonly string[]): string {
  const files = names.map((name) => `M 100644 inline ${name}\ndata 1\n${content}\n`);
  const head = "commit refs/heads/many\ncommitter A <a@example.org> 1700000000 +0000\ndata 1\n1\n";
  git(
    gitDir,
    ["fast-import", "--quiet", "--force", "--done"],
    `${head}deleteall\n${files.join("")}done\n`,
  );
  return git(gitDir, ["rev-parse", "refs/heads/many"]);
}

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => `file-${from + at}`);

describe("nearestBase", { timeout: 120_000 }, () => {
  it("takes the commit whose files differ least", async () => {
    const { gitDir } = await upstreamWith({});
    const far = commitOf(gitDir, "a", numbered(0, 150));
    const near = commitOf(gitDir, "a", numbered(100, 200));
    const wanted = commitOf(gitDir, "a", numbered(100, 260));

    expect(await nearestBase({ gitDir, commit: wanted, candidates: [far, near] })).toEqual({
      commit: near,
      paths: 60,
    });
  });

  it("takes a parent before all others", async () => {
    const { gitDir, commit, main } = await upstreamWith({ a: "1", b: "1" });
    const twin = commit({ a: "2", b: "2" });
    const wanted = commit({ a: "2", b: "2" }, { parents: [main] });

    expect(await nearestBase({ gitDir, commit: wanted, candidates: [twin, main] })).toEqual({
      commit: main,
      paths: 2,
    });
  });

  it("is content with one that is near enough, the most wanted first", async () => {
    const { gitDir, commit, main } = await upstreamWith({ a: "1" });
    const twin = commit({ a: "2" });
    const wanted = commit({ a: "2", b: "2" });

    const near = await nearestBase({ gitDir, commit: wanted, candidates: [main, twin] });

    expect(near).toEqual({ commit: main, paths: 2 });
  });

  it("finds none where too much differs, or the repository knows none of them", async () => {
    const { gitDir, main: wanted } = await upstreamWith({ a: "1" });
    const edge = commitOf(gitDir, "b", ["a", ...numbered(1, 2000)]);
    const far = commitOf(gitDir, "b", ["a", ...numbered(0, 2000)]);

    const within = nearestBase({ gitDir, commit: wanted, candidates: [edge] });
    const near = nearestBase({ gitDir, commit: wanted, candidates: [far, "f".repeat(40)] });

    expect(await within).toEqual({ commit: edge, paths: 2000 });
    expect(await near).toBeUndefined();
    expect(await nearestBase({ gitDir, commit: wanted, candidates: [] })).toBeUndefined();
  });

  it.each(["main", "--output=x", "f".repeat(39), ""])("refuses %j as a commit", async (id) => {
    const { gitDir, main } = await upstreamWith({ a: "1" });

    const asked = nearestBase({ gitDir, commit: id, candidates: [main] });
    const answered = nearestBase({ gitDir, commit: main, candidates: [id] });

    await expect(asked).rejects.toThrow("object id");
    await expect(answered).rejects.toThrow("object id");
  });
});
