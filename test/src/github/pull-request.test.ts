import { describe, expect, it } from "vitest";
import type { EffectWish } from "../../../src/core/effect.ts";
import { git, mirrorOf, write } from "../git/sample-repository.ts";
import { publisherWorld, repo } from "./publisher-world.ts";

const branch = "nexus/fix-1";
const pulls = /\/pulls$/;

async function start() {
  const all = await publisherWorld();
  const head = await all.world.commit(repo, { branch, files: { a: "2\n" }, message: "fix" });
  const wish = (more: Partial<Extract<EffectWish, { kind: "pull-request" }>> = {}): EffectWish => ({
    kind: "pull-request",
    branch,
    base: "main",
    title: "Fix it",
    body: "Because.",
    draft: false,
    ...more,
  });
  return { ...all, head, wish };
}

describe("a pull request", () => {
  it("is opened and read back", async () => {
    const { world, perform, wish, head } = await start();

    const result = await perform(wish());

    const [made] = await world.pulls(repo);
    expect(made).toMatchObject({
      title: "Fix it",
      body: "Because.",
      author: "nexus[bot]",
      state: "open",
      draft: false,
      head: branch,
      base: "main",
    });
    expect(result).toEqual({
      kind: "pull-request",
      number: made?.number,
      head,
      url: expect.stringMatching(`/ada/sums/pull/${made?.number}$`),
    });
    expect(world.violations).toEqual([]);
  });

  it("is brought up to date, and left alone when it says the same", async () => {
    const { world, perform, wish, asked } = await start();
    const first = await perform(wish());
    const head = await world.commit(repo, { branch, files: { a: "3\n" }, message: "more" });

    const second = await perform(wish({ title: "Fix more", body: "Because\r\nit is." }));
    await perform(wish({ title: "Fix more", body: "Because\nit is." }));

    expect(second).toEqual({ ...first, head });
    expect(await world.pulls(repo)).toMatchObject([{ title: "Fix more" }]);
    expect(asked("PATCH", /./)).toHaveLength(1);
  });

  it("is not opened where only a certain one was to be brought up to date", async () => {
    const { world, perform, wish } = await start();
    const { number } = (await perform(wish())) as { number: number };

    expect(await perform(wish({ number, body: "More." }))).toMatchObject({ number });
    expect(await world.pulls(repo)).toMatchObject([{ body: "More." }]);

    const other = "nexus/fix-2";
    await world.commit(repo, { branch: other, files: { a: "3\n" }, message: "fix" });
    expect(await perform(wish({ number, branch: other, body: "x" }))).toMatchObject({ number });
    expect(await world.pulls(repo)).toMatchObject([{ body: "More.", head: branch }]);
  });

  it("is the one that a person opened from the branch, with the person's words", async () => {
    const { world, perform, wish } = await start();
    const number = await world.openPullRequest(repo, {
      title: "Mine",
      body: "mine",
      head: branch,
      by: "ada",
    });

    expect(await perform(wish())).toMatchObject({ number });
    expect(await world.pulls(repo)).toMatchObject([{ title: "Mine", body: "mine" }]);
  });

  it.each([
    ["the connection breaks", undefined],
    ["GitHub answers 500", 500],
    ["GitHub answers 504", 504],
  ])("is there once when %s after it was opened", async (_name, status) => {
    const { world, perform, wish } = await start();
    world.fault({
      match: { method: "POST", path: pulls },
      kind: "after",
      ...(status ? { status } : {}),
    });

    await expect(perform(wish())).rejects.toMatchObject({
      code: "github.unreachable",
      retryable: true,
    });
    const result = await perform(wish());

    expect(await world.pulls(repo)).toHaveLength(1);
    expect(result).toMatchObject({ number: (await world.pulls(repo))[0]?.number });
  });

  it("is found when somebody opens it between looking and opening", async () => {
    const { world, perform, wish } = await start();
    world.fault({ match: { method: "GET", path: pulls }, kind: "status", status: 200, body: [] });
    const number = await world.openPullRequest(repo, {
      title: "Mine",
      body: "",
      head: branch,
      by: "ada",
    });

    expect(await perform(wish())).toMatchObject({ number });
    expect(await world.pulls(repo)).toHaveLength(1);
  });

  it.each([
    ["a branch that is not there", { branch: "nexus/none" }],
    ["a base that is not there", { base: "none" }],
    ["nothing between base and branch", { branch: "main" }],
  ])("is refused for good with %s", async (_name, more) => {
    const { perform, wish } = await start();

    await expect(perform(wish(more))).rejects.toMatchObject({
      code: "github.refused",
      retryable: false,
    });
  });

  describe("that is to be a draft", () => {
    const noDrafts = {
      match: { method: "POST", path: pulls },
      kind: "status",
      status: 422,
      body: { message: "Draft pull requests are not supported in this repository." },
    } as const;

    it("is one where the platform has drafts", async () => {
      const { world, perform, wish } = await start();

      await perform(wish({ draft: true }));

      expect(await world.pulls(repo)).toMatchObject([{ title: "Fix it", draft: true }]);
    });

    it("says so in its title where the platform has none, and keeps saying it", async () => {
      const { world, perform, wish, asked } = await start();
      world.fault(noDrafts);

      const made = await perform(wish({ draft: true }));
      expect(await world.pulls(repo)).toMatchObject([{ title: "[draft] Fix it", draft: false }]);
      const again = await perform(wish({ draft: true }));
      await perform(wish({ body: "More." }));

      expect(again).toEqual(made);
      expect(await world.pulls(repo)).toMatchObject([{ title: "[draft] Fix it", body: "More." }]);
      expect(asked("PATCH", /./)).toHaveLength(1);
    });

    it("is refused for good where something else is wrong", async () => {
      const { perform, wish, world } = await start();

      const performing = perform(wish({ draft: true, base: "none" }));

      await expect(performing).rejects.toMatchObject({ code: "github.refused", retryable: false });
      expect(await world.pulls(repo)).toEqual([]);
    });
  });

  it("has a title of one line that GitHub takes, and a body that fits", async () => {
    const { world, perform, wish } = await start();

    await perform(wish({ title: `  a\r\nb\t${"x".repeat(400)}`, body: "y".repeat(70_000) }));

    const [made] = await world.pulls(repo);
    expect(made?.title).toBe(`a b ${"x".repeat(245)}…`);
    expect(made?.body).toHaveLength(65_000);
  });
});

describe("a push", () => {
  it("moves the branch through git, under a token that may do nothing else", async () => {
    const { world, perform, sha } = await start();
    const mirror = await mirrorOf({ url: `file://${world.gitFolder(repo)}`, main: sha });
    const made = await mirror.commitEdits({
      parent: sha,
      edits: [write("b", "2\n")],
      message: "fix",
    });
    const bundle = await mirror.bundle(sha, made.commit);
    const wish = {
      kind: "push",
      branch: "nexus/fix-2",
      base: sha,
      head: made.commit,
      tree: made.tree,
    } as const;

    const first = await perform(wish, bundle);
    const second = await perform(wish, bundle);

    expect(first).toEqual({
      kind: "push",
      branch: "nexus/fix-2",
      head: made.commit,
      tree: made.tree,
    });
    expect(second).toEqual(first);
    expect((await world.branches(repo)).get("nexus/fix-2")).toBe(made.commit);
    expect(git(world.gitFolder(repo), ["show", `${made.commit}:b`])).toBe("2");
    expect(world.violations).toEqual([]);
  });

  it("is refused without its bundle", async () => {
    const { perform, sha } = await start();

    const performing = perform({ kind: "push", branch, base: sha, head: sha, tree: sha });

    await expect(performing).rejects.toMatchObject({ code: "store.corrupt" });
  });
});
