import { describe, expect, it } from "vitest";
import { pushBundle } from "../../../src/git/push.ts";
import {
  freshSignal,
  git,
  mirrorOf,
  temporaryFolder,
  type Upstream,
  upstreamWith,
  write,
} from "./sample-repository.ts";

const BRANCH = "maria/feature";
const OF_TASK = "Merge branch 'main'\n\nNexus-Task: t1\n";

/** A person's branch and its base, each with a commit of its own, and this task's merge of the two. */
async function diverged({ message = OF_TASK }: { message?: string } = {}) {
  const upstream = await upstreamWith({ a: "1\n", b: "1\n" });
  const at = { parents: [upstream.main] };
  const feature = upstream.commit({ a: "2\n", b: "1\n" }, { ...at, branch: BRANCH });
  const base = upstream.commit({ a: "1\n", b: "2\n" }, at);
  const mirror = await mirrorOf({ ...upstream, main: base });
  const signal = freshSignal();
  await mirror.fetch({ url: upstream.url, ref: `refs/heads/${BRANCH}`, signal });
  await mirror.deepen({ url: upstream.url, ours: feature, theirs: base, signal });
  const { tree } = await mirror.commitEdits({
    parent: feature,
    edits: [write("b", "2\n")],
    message: "x",
  });
  const merge = await mirror.commitMerge({ parents: [feature, base], tree, message });
  const what = {
    base: feature,
    joins: base,
    head: merge.commit,
    tree,
    bundle: await mirror.bundle(feature, merge.commit, [base]),
  };
  const where = {
    folder: await temporaryFolder(),
    allowFile: true,
    taskId: "t1",
    repo: { owner: "ada", name: "sample" },
    url: upstream.url,
  };
  const push = (changes: Partial<Parameters<typeof pushBundle>[0]> = {}) =>
    pushBundle({ ...where, ...what, branch: BRANCH, signal: freshSignal(), ...changes });
  return { upstream, feature, base, mirror, what, push };
}

function personPushes(upstream: Upstream, on: string): string {
  return upstream.commit({ a: "3\n", b: "1\n" }, { branch: BRANCH, parents: [on] });
}

describe("a person's branch", () => {
  it("is moved forward to its merge with another commit, and nothing else of it is touched", async () => {
    const { upstream, feature, base, what, push } = await diverged();

    expect(await push()).toEqual({ head: what.head, tree: what.tree });

    expect(upstream.tip(BRANCH)).toBe(what.head);
    expect(git(upstream.gitDir, ["rev-parse", `${BRANCH}^1`, `${BRANCH}^2`])).toBe(
      `${feature}\n${base}`,
    );
    expect(git(upstream.gitDir, ["fsck", "--strict", "--no-dangling"])).toBe("");
  });

  it("is moved once, also when it is asked for twice", async () => {
    const { upstream, what, push } = await diverged();
    await push();

    expect((await push()).head).toBe(what.head);
    expect(upstream.tip(BRANCH)).toBe(what.head);
  });

  it("is moved also when its base has moved on meanwhile", async () => {
    const { upstream, base, what, push } = await diverged();
    upstream.commit({ a: "1\n", b: "3\n" }, { parents: [base] });

    expect((await push()).head).toBe(what.head);
    expect(git(upstream.gitDir, ["fsck", "--strict", "--no-dangling"])).toBe("");
  });

  it("is left alone when somebody has pushed to it since it was read", async () => {
    const { upstream, feature, push } = await diverged();
    const theirs = personPushes(upstream, feature);

    await expect(push()).rejects.toMatchObject({ code: "git.rejected", retryable: false });
    expect(upstream.tip(BRANCH)).toBe(theirs);
  });

  it("is not put back where it was when somebody went back behind it", async () => {
    const { upstream, push } = await diverged();
    git(upstream.gitDir, ["update-ref", `refs/heads/${BRANCH}`, upstream.main]);

    await expect(push()).rejects.toMatchObject({ code: "git.rejected" });
    expect(upstream.tip(BRANCH)).toBe(upstream.main);
  });

  it("is not made anew when it is gone", async () => {
    const { upstream, push } = await diverged();
    git(upstream.gitDir, ["update-ref", "-d", `refs/heads/${BRANCH}`]);

    await expect(push()).rejects.toMatchObject({ code: "git.rejected" });
    expect(() => upstream.tip(BRANCH)).toThrow();
  });

  it("is not moved without the word that it is a merge", async () => {
    const { upstream, feature, push } = await diverged();

    await expect(push({ joins: undefined })).rejects.toMatchObject({ code: "git.failed" });
    expect(upstream.tip(BRANCH)).toBe(feature);
  });

  it.each([
    ["of another task", { message: "Merge\n\nNexus-Task: t2\n" }],
    ["of no task", { message: "Merge\n" }],
  ])("is not moved to a merge %s", async (_name, made) => {
    const { upstream, feature, push } = await diverged(made);

    await expect(push()).rejects.toMatchObject({ code: "git.rejected" });
    expect(upstream.tip(BRANCH)).toBe(feature);
  });

  it("is not moved to a commit that is no merge", async () => {
    const { upstream, feature, base, mirror, push } = await diverged();
    const edits = [write("a", "9\n")];
    const made = await mirror.commitEdits({ parent: feature, edits, message: OF_TASK });
    const bundle = await mirror.bundle(feature, made.commit);

    const pushing = push({ head: made.commit, tree: made.tree, bundle, joins: base });

    await expect(pushing).rejects.toMatchObject({ code: "git.rejected" });
    expect(upstream.tip(BRANCH)).toBe(feature);
  });

  it("is not moved to a merge with another commit than was said", async () => {
    const { upstream, feature, push } = await diverged();

    await expect(push({ joins: upstream.main })).rejects.toMatchObject({
      code: expect.stringMatching(/^git\./),
    });
    expect(upstream.tip(BRANCH)).toBe(feature);
  });

  it.each(["-x", "a..b", "refs/heads/a b", "", "a:b", "+a"])(
    "is not one by the name %j",
    async (branch) => {
      const { upstream, feature, push } = await diverged();

      await expect(push({ branch })).rejects.toMatchObject({
        code: expect.stringMatching(/^git\./),
      });
      expect(upstream.tip(BRANCH)).toBe(feature);
    },
  );
});

it("the default branch is never moved, also not forward to a merge", async () => {
  const { upstream, push, feature } = await diverged();
  git(upstream.gitDir, ["symbolic-ref", "HEAD", `refs/heads/${BRANCH}`]);

  await expect(push()).rejects.toMatchObject({ code: "git.rejected" });
  expect(upstream.tip(BRANCH)).toBe(feature);
});

it("what commits say of themselves is read newest first, for a side and for a file of it", async () => {
  const { mirror, feature, base } = await diverged();

  const all = await mirror.newestMessages({ of: feature, without: base, most: 5 });
  const ofFile = await mirror.newestMessages({ of: feature, without: base, path: "b", most: 5 });
  const hostile = { of: feature, without: base, path: ":(glob)**\n-p", most: 5 };

  expect(all).toEqual(["by a person"]);
  expect(ofFile).toEqual([]);
  expect(await mirror.newestMessages(hostile)).toEqual([]);
});
