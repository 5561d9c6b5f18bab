import { describe, expect, it } from "vitest";
import type { FetchingMirror } from "../../../src/git/mirrors.ts";
import { lines } from "./merge-place.ts";
import { freshSignal, git, mirrorOf, type Upstream, upstreamWith } from "./sample-repository.ts";

const signal = freshSignal();

/** All of the upstream's history, as a mirror has it that was deepened to its end. */
async function wholeMirror(upstream: Upstream & { main: string }): Promise<FetchingMirror> {
  const mirror = await mirrorOf(upstream);
  git(mirror.gitDir, ["fetch", "--quiet", "--unshallow", upstream.gitDir, "refs/heads/main"]);
  git(mirror.gitDir, ["fetch", "--quiet", upstream.gitDir, "+refs/heads/*:refs/nexus/all/*"]);
  return mirror;
}

/** Two branches that went apart `length` commits ago. */
async function branches(length: number) {
  const upstream = await upstreamWith({ a: lines(), k: "" });
  const first = upstream.main;
  let [ours, theirs] = [first, first];
  for (let at = 1; at <= length; at += 1) {
    const mine = { a: lines({ 1: `one ${at}` }), k: "" };
    ours = upstream.commit(mine, { branch: "main", parents: [ours] });
    const yours = { a: lines({ 9: `nine ${at}` }), k: "" };
    theirs = upstream.commit(yours, { branch: "theirs", parents: [theirs] });
  }
  return { upstream, first, ours, theirs };
}

describe("mergeCommits", () => {
  it("takes the base from the history", async () => {
    const { upstream, first, ours, theirs } = await branches(2);
    const mirror = await wholeMirror(upstream);

    const merge = await mirror.mergeCommits({ ours, theirs });

    if (merge.kind !== "clean") throw new Error(merge.kind);
    expect(merge.bases).toEqual([first]);
    expect(git(mirror.gitDir, ["show", `${merge.tree}:a`])).toBe(
      lines({ 1: "one 2", 9: "nine 2" }).trim(),
    );
    expect(merge.autoMerged.map(({ path }) => path)).toEqual(["a"]);
  });

  it("is the later one's tree where one is an ancestor of the other", async () => {
    const { upstream, first, ours } = await branches(1);
    const mirror = await wholeMirror(upstream);
    const tree = await mirror.treeOf(ours);

    for (const sides of [
      { ours, theirs: first },
      { ours: first, theirs: ours },
    ]) {
      expect(await mirror.mergeCommits(sides)).toEqual({
        kind: "clean",
        tree,
        autoMerged: [],
        unread: [],
        bases: [first],
      });
    }
  });

  it("names conflicts as mergeTrees does", async () => {
    const upstream = await upstreamWith({ a: "1\n" });
    const ours = upstream.commit({ a: "2\n" }, { branch: "main", parents: [upstream.main] });
    const theirs = upstream.commit({ a: "3\n" }, { branch: "theirs", parents: [upstream.main] });
    const mirror = await wholeMirror(upstream);

    const merge = await mirror.mergeCommits({ ours, theirs });

    expect(merge).toMatchObject({
      kind: "conflicted",
      files: ["a"],
      bases: [upstream.main],
      conflicts: [{ kind: "content", path: "a" }],
    });
  });

  it("makes one base of several where histories cross", async () => {
    const upstream = await upstreamWith({ a: lines(), k: "" });
    const put = (branch: string, a: string, parents: readonly string[]) =>
      upstream.commit({ a, k: "" }, { branch, parents });
    const left = put("main", lines({ 1: "one" }), [upstream.main]);
    const right = put("theirs", lines({ 9: "nine" }), [upstream.main]);
    const both = lines({ 1: "one", 9: "nine" });
    const leftMerge = put("main", both, [left, right]);
    const rightMerge = put("theirs", both, [right, left]);
    const ours = put("main", lines({ 1: "one", 4: "four", 9: "nine" }), [leftMerge]);
    const theirs = put("theirs", lines({ 1: "one", 9: "NINE" }), [rightMerge]);
    const mirror = await wholeMirror(upstream);

    const merge = await mirror.mergeCommits({ ours, theirs });

    if (merge.kind !== "clean") throw new Error(merge.kind);
    expect(merge.bases).toEqual([left, right].sort());
    expect(git(mirror.gitDir, ["show", `${merge.tree}:a`])).toBe(
      lines({ 1: "one", 4: "four", 9: "NINE" }).trim(),
    );
    // The bases do not agree on the file, so nobody says what its base is.
    expect(merge).toMatchObject({ autoMerged: [], unread: ["a"] });
  });

  it("gives a conflict the base that git made where histories cross", async () => {
    const upstream = await upstreamWith({ a: "0\n" });
    const put = (branch: string, a: string, parents: readonly string[]) =>
      upstream.commit({ a }, { branch, parents });
    const left = put("main", "left\n", [upstream.main]);
    const right = put("theirs", "right\n", [upstream.main]);
    const ours = put("main", "ours\n", [left, right]);
    const theirs = put("theirs", "theirs\n", [right, left]);
    const mirror = await wholeMirror(upstream);

    const merge = await mirror.mergeCommits({ ours, theirs });

    if (merge.kind !== "conflicted") throw new Error(merge.kind);
    const base = merge.conflicts[0]?.base[0]?.id ?? "";
    expect(git(mirror.gitDir, ["cat-file", "blob", base])).toContain("Temporary merge branch 1");
  });

  it("says that there is no base where histories have nothing in common", async () => {
    const upstream = await upstreamWith({ a: "1\n" });
    const theirs = upstream.commit({ a: "2\n" }, { branch: "theirs", parents: [] });
    const mirror = await wholeMirror(upstream);

    expect(await mirror.mergeCommits({ ours: upstream.main, theirs })).toEqual({
      kind: "no-base",
      why: "unrelated",
      missing: [],
    });
  });

  it("refuses what is no commit or is not here", async () => {
    const upstream = await upstreamWith({ a: "1\n" });
    const mirror = await mirrorOf(upstream);
    const ours = upstream.main;
    const tree = await mirror.treeOf(ours);

    await expect(mirror.mergeCommits({ ours, theirs: "HEAD" })).rejects.toThrow(
      "is not an object id",
    );
    for (const theirs of [tree, "e".repeat(40)]) {
      await expect(mirror.mergeCommits({ ours, theirs })).rejects.toMatchObject({
        code: "git.failed",
      });
    }
  });
});

describe("a mirror without history", () => {
  it("says what is missing, and finds the base once it is deepened", async () => {
    const { upstream, first, ours, theirs } = await branches(2);
    const mirror = await mirrorOf({ url: upstream.url, main: ours });
    await mirror.fetch({ url: upstream.url, ref: "refs/heads/theirs", signal });

    expect(await mirror.mergeCommits({ ours, theirs })).toEqual({
      kind: "no-base",
      why: "shallow",
      missing: expect.arrayContaining([ours, theirs]),
    });
    expect(await mirror.deepen({ url: upstream.url, ours, theirs, signal })).toEqual([]);
    expect(await mirror.mergeCommits({ ours, theirs })).toMatchObject({
      kind: "clean",
      bases: [first],
    });
  });

  it("deepens as far as it takes, also below commits that only Nexus has", async () => {
    const { upstream, first, ours, theirs } = await branches(60);
    const mirror = await mirrorOf({ url: upstream.url, main: ours });
    await mirror.fetch({ url: upstream.url, ref: "refs/heads/theirs", signal });
    const tree = await mirror.treeOf(theirs);
    const made = await mirror.commitTree({ parent: ours, tree, message: "made here" });

    expect(await mirror.deepen({ url: upstream.url, ours: made.commit, theirs, signal })).toEqual(
      [],
    );
    expect(await mirror.mergeCommits({ ours: made.commit, theirs })).toMatchObject({
      bases: [first],
    });
  });

  it("does not believe a base behind which a better one may be hidden", async () => {
    // Ours has an old state of theirs already; what is here of theirs ends just before it.
    const upstream = await upstreamWith({ a: "0\n", k: "" });
    const root = upstream.main;
    const put = (branch: string, a: string, parents: readonly string[]) =>
      upstream.commit({ a, k: "" }, { branch, parents });
    const shared = put("theirs", "1\n", [root]);
    const ours = put("main", "2\n", [root, shared]);
    const last = put("theirs", "0\n", [shared]);
    const theirs = put("theirs", "0\n", [last, root]);
    const mirror = await mirrorOf({ url: upstream.url, main: ours });
    git(mirror.gitDir, ["fetch", "--quiet", "--unshallow", upstream.gitDir, "refs/heads/main"]);
    git(mirror.gitDir, ["fetch", "--quiet", "--depth=2", upstream.gitDir, "refs/heads/theirs"]);

    expect(git(mirror.gitDir, ["merge-base", ours, theirs])).toBe(root);
    expect(await mirror.mergeCommits({ ours, theirs })).toEqual({
      kind: "no-base",
      why: "shallow",
      missing: [last],
    });
    await mirror.deepen({ url: upstream.url, ours, theirs, signal });
    expect(await mirror.mergeCommits({ ours, theirs })).toMatchObject({ bases: [shared] });
  });

  it("stays without a base where the remote's histories have nothing in common", async () => {
    const upstream = await upstreamWith({ a: "1\n" });
    const ours = upstream.commit({ a: "2\n" }, { parents: [upstream.main] });
    const root = upstream.commit({ a: "3\n" }, { branch: "theirs", parents: [] });
    const theirs = upstream.commit({ a: "4\n" }, { branch: "theirs", parents: [root] });
    const mirror = await mirrorOf({ url: upstream.url, main: ours });
    await mirror.fetch({ url: upstream.url, ref: "refs/heads/theirs", signal });

    expect(await mirror.deepen({ url: upstream.url, ours, theirs, signal })).toEqual([]);
    expect(await mirror.mergeCommits({ ours, theirs })).toMatchObject({
      kind: "no-base",
      why: "unrelated",
    });
  });

  it("stops deepening when it is told to, and says when the remote is gone", async () => {
    const { upstream, ours, theirs } = await branches(2);
    const mirror = await mirrorOf({ url: upstream.url, main: ours });
    await mirror.fetch({ url: upstream.url, ref: "refs/heads/theirs", signal });
    const gone = `${upstream.url}.gone`;

    await expect(
      mirror.deepen({ url: upstream.url, ours, theirs, signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: "aborted" });
    await expect(mirror.deepen({ url: gone, ours, theirs, signal })).rejects.toMatchObject({
      code: expect.stringMatching(/^git\./),
    });
    expect(await mirror.mergeCommits({ ours, theirs })).toMatchObject({ why: "shallow" });
  });
});
