import { describe, expect, it } from "vitest";
import type { Edit } from "../../../src/core/change-set.ts";
import { pushBundle } from "../../../src/git/push.ts";
import {
  freshSignal,
  git,
  mirrorOf,
  temporaryFolder,
  upstreamWith,
  write,
} from "./sample-repository.ts";

const branch = "nexus/fix-1";
const ofTask = (id: string) =>
  `fix: it\n\nAsked for in # 1: Nexus-Task: other\n\nNexus-Task: ${id}\n`;

/** A worker's mirror and a publisher's folder, with nothing in common but the bundle. */
async function prepared() {
  const upstream = await upstreamWith({ a: "1\n", b: "1\n" });
  const mirror = await mirrorOf(upstream);
  const folder = await temporaryFolder();
  const make = async (
    parent: string,
    edits: readonly Edit[],
    { base = parent, message = "fix" } = {},
  ) => {
    const made = await mirror.commitEdits({ parent, edits, message });
    return {
      base,
      head: made.commit,
      tree: made.tree,
      bundle: await mirror.bundle(base, made.commit),
    };
  };
  const where = {
    folder,
    allowFile: true,
    taskId: "t1",
    repo: { owner: "ada", name: "sample" },
    url: upstream.url,
  };
  const push = (what: Awaited<ReturnType<typeof make>>, to = branch) =>
    pushBundle({ ...where, ...what, branch: to, signal: freshSignal() });
  /** A publisher's machine that has seen nothing yet. */
  const pushElsewhere = async (what: Awaited<ReturnType<typeof make>>) => {
    const fresh = { ...where, folder: await temporaryFolder() };
    return pushBundle({ ...fresh, ...what, branch, signal: freshSignal() });
  };
  return { upstream, mirror, make, push, pushElsewhere };
}

describe("pushBundle", () => {
  it("creates the branch and says what the remote says", async () => {
    const { upstream, make, push } = await prepared();
    const made = await make(upstream.main, [write("a", "2\n")]);

    expect(await push(made)).toEqual({ head: made.head, tree: made.tree });
    expect(upstream.tip(branch)).toBe(made.head);
    expect(git(upstream.gitDir, ["rev-list", made.head]).split("\n")).toEqual([
      made.head,
      upstream.main,
    ]);
    expect(git(upstream.gitDir, ["fsck", "--strict", "--no-dangling"])).toBe("");
  });

  it("does nothing the second time", async () => {
    const { upstream, make, push } = await prepared();
    const made = await make(upstream.main, [write("a", "2\n")]);
    await push(made);

    expect(await push(made)).toEqual({ head: made.head, tree: made.tree });
    expect(upstream.tip(branch)).toBe(made.head);
  });

  it("creates the branch when the base branch has moved on meanwhile", async () => {
    const { upstream, make, push } = await prepared();
    const made = await make(upstream.main, [write("a", "2\n")]);
    upstream.commit({ a: "1\n", b: "3\n" }, { parents: [upstream.main] });

    expect((await push(made)).head).toBe(made.head);
    expect(git(upstream.gitDir, ["rev-list", made.head]).split("\n")).toEqual([
      made.head,
      upstream.main,
    ]);
  });

  it("moves its own earlier commit forward, from the same base and from the earlier commit", async () => {
    const { upstream, make, push } = await prepared();
    const first = await make(upstream.main, [write("a", "2\n")]);
    await push(first);
    const second = await make(first.head, [write("b", "2\n")], { base: upstream.main });
    await push(second);
    const third = await make(second.head, [write("c", "2\n")]);

    expect((await push(third)).head).toBe(third.head);
    expect(git(upstream.gitDir, ["rev-list", "--count", branch])).toBe("4");
  });

  it.each(["on top of Nexus' commit", "instead of it", "at the base"])(
    "leaves a person's commit %s alone",
    async (place) => {
      const { upstream, make, push } = await prepared();
      const first = await make(upstream.main, [write("a", "2\n")]);
      await push(first);
      const second = await make(first.head, [write("b", "2\n")], { base: upstream.main });
      const theirs =
        place === "at the base"
          ? upstream.main
          : upstream.commit(
              { a: "theirs\n" },
              { branch, parents: place === "instead of it" ? [] : [first.head] },
            );
      git(upstream.gitDir, ["update-ref", `refs/heads/${branch}`, theirs]);

      await expect(push(second)).rejects.toMatchObject({ code: "git.rejected", retryable: false });
      expect(upstream.tip(branch)).toBe(theirs);
    },
  );

  it("does not go back to an earlier commit of its own", async () => {
    const { upstream, make, push } = await prepared();
    const first = await make(upstream.main, [write("a", "2\n")]);
    const second = await make(first.head, [write("b", "2\n")], { base: upstream.main });
    await push(second);

    await expect(push(first)).rejects.toMatchObject({ code: "git.rejected" });
    expect(upstream.tip(branch)).toBe(second.head);
  });

  describe("when a task began anew and made other commits", () => {
    /** Two runs of one task, each with two commits on `main`, the first of them pushed. */
    async function twoRuns({ message = ofTask("t1"), newBase = false } = {}) {
      const world = await prepared();
      const { upstream, mirror, make, push } = world;
      const run = async (base: string, text: string, said: string) => {
        const first = await make(base, [write("a", text)], { message: said });
        return make(first.head, [write("b", text)], { base, message: said });
      };
      const before = await run(upstream.main, "2\n", message);
      await push(before);
      let base = upstream.main;
      if (newBase) {
        base = upstream.commit({ a: "1\n", b: "1\n", c: "new\n" }, { parents: [upstream.main] });
        await mirror.fetch({ url: upstream.url, ref: "refs/heads/main", signal: freshSignal() });
      }
      const after = await run(base, "3\n", ofTask("t1"));
      return { ...world, before, after };
    }

    it("replaces what its earlier run pushed", async () => {
      const { upstream, push, after } = await twoRuns();

      expect(await push(after)).toEqual({ head: after.head, tree: after.tree });
      expect(upstream.tip(branch)).toBe(after.head);
    });

    it("replaces it also when the base has moved on", async () => {
      const { upstream, push, after } = await twoRuns({ newBase: true });

      await push(after);

      expect(upstream.tip(branch)).toBe(after.head);
    });

    it("replaces it also from a machine that knows nothing of the first push", async () => {
      const { upstream, pushElsewhere, after } = await twoRuns();

      await pushElsewhere(after);

      expect(upstream.tip(branch)).toBe(after.head);
    });

    it.each(["fix", ofTask("t2"), ofTask("t1 t1"), "fix: Nexus-Task: t1"])(
      "leaves commits with the message %j alone",
      async (message) => {
        const { upstream, push, before, after } = await twoRuns({ message });

        await expect(push(after)).rejects.toMatchObject({
          code: "git.rejected",
          message: "The branch holds commits that Nexus did not make for this task.",
        });
        expect(upstream.tip(branch)).toBe(before.head);
      },
    );

    it.each(["on top of", "in place of", "below"])(
      "leaves a person's commit %s them alone, each time",
      async (place) => {
        const { upstream, mirror, push, pushElsewhere, before, after, make } = await twoRuns();
        const parents = place === "on top of" ? [before.head] : [upstream.main];
        const theirs = upstream.commit({ a: "theirs\n" }, { branch, parents });
        if (place === "below") {
          await mirror.fetch({ url: upstream.url, ref: theirs, signal: freshSignal() });
          const forged = await make(theirs, [write("b", "4\n")], { message: ofTask("t1") });
          git(upstream.gitDir, ["fetch", "--quiet", mirror.gitDir, forged.head]);
          git(upstream.gitDir, ["update-ref", `refs/heads/${branch}`, forged.head]);
        }
        const tip = upstream.tip(branch);

        for (const attempt of [push, push, pushElsewhere]) {
          await expect(attempt(after)).rejects.toMatchObject({ code: "git.rejected" });
        }
        expect(upstream.tip(branch)).toBe(tip);
      },
    );

    it("does not go back to a commit that the branch has moved on from", async () => {
      const { upstream, make, push } = await prepared();
      const message = ofTask("t1");
      const first = await make(upstream.main, [write("a", "2\n")], { message });
      const second = await make(first.head, [write("b", "2\n")], {
        base: upstream.main,
        message,
      });
      await push(second);

      await expect(push(first)).rejects.toMatchObject({
        code: "git.rejected",
        message: "The branch holds newer commits of this task already.",
      });
      expect(upstream.tip(branch)).toBe(second.head);
    });
  });

  it("recreates a branch that a person deleted", async () => {
    const { upstream, make, push } = await prepared();
    const made = await make(upstream.main, [write("a", "2\n")]);
    await push(made);
    git(upstream.gitDir, ["update-ref", "-d", `refs/heads/${branch}`]);

    expect((await push(made)).head).toBe(made.head);
  });

  it("says no when the remote refuses", async () => {
    const { upstream, make, push } = await prepared();
    const made = await make(upstream.main, [write("a", "2\n")]);
    git(upstream.gitDir, ["config", "receive.denyCurrentBranch", "refuse"]);
    git(upstream.gitDir, ["config", "receive.hideRefs", "refs/heads/nexus"]);

    await expect(push(made)).rejects.toMatchObject({ code: "git.rejected" });
  });

  it.each(["main", "nexus/../main", "nexus/a:refs/heads/main", "-nexus/a", "nexus/a b", ""])(
    "does not push to %j",
    async (to) => {
      const { upstream, make, push } = await prepared();
      const made = await make(upstream.main, [write("a", "2\n")]);

      await expect(push(made, to)).rejects.toThrow("is not a branch of Nexus");
      expect(git(upstream.gitDir, ["for-each-ref", "--format=%(refname)"])).toBe("refs/heads/main");
    },
  );

  type Made = Awaited<ReturnType<Awaited<ReturnType<typeof prepared>>["make"]>>;
  it.each<[string, (made: Made, other: Made) => Made]>([
    ["whose tree is another", (made, other) => ({ ...made, tree: other.tree })],
    ["of another commit", (made, other) => ({ ...made, bundle: other.bundle })],
    ["that is none", (made) => ({ ...made, bundle: Buffer.from("garbage") })],
    [
      "cut short",
      (made) => ({ ...made, bundle: made.bundle.subarray(0, made.bundle.length - 30) }),
    ],
    ["that is empty", (made) => ({ ...made, bundle: new Uint8Array() })],
    ["for a base nobody knows", (made, other) => ({ ...made, base: other.head })],
    ["for a head nobody knows", (made) => ({ ...made, head: "a".repeat(40) })],
  ])("refuses a bundle %s, each time it is tried", async (_name, damage) => {
    const { upstream, make, push } = await prepared();
    const made = await make(upstream.main, [write("a", "2\n")]);
    const other = await make(upstream.main, [write("a", "3\n")]);
    const what = damage(made, other);

    for (const _ of [1, 2])
      await expect(push(what)).rejects.toMatchObject({ code: "git.failed", retryable: false });
    expect(git(upstream.gitDir, ["for-each-ref", "--format=%(refname)"])).toBe("refs/heads/main");
  });

  it("refuses a bundle with a tree that git must never carry, each time it is tried", async () => {
    const { upstream, mirror, push } = await prepared();
    const blob = git(mirror.gitDir, ["hash-object", "-w", "--stdin"], "x");
    const tree = git(mirror.gitDir, ["mktree"], `100644 blob ${blob}\t.git\n`);
    const head = git(mirror.gitDir, ["commit-tree", tree, "-p", upstream.main, "-m", "evil"]);
    const bundle = await mirror.bundle(upstream.main, head);

    for (const _ of [1, 2]) {
      await expect(push({ base: upstream.main, head, tree, bundle })).rejects.toMatchObject({
        code: "git.failed",
      });
    }
    expect(() => upstream.tip(branch)).toThrow();
  });
});
