import { describe, expect, it } from "vitest";
import type { Correction } from "../../../../src/core/correction.ts";
import { headOf } from "../../../../src/pipeline/task-state.ts";
import { editing, FINISH, redBranch } from "../correction/red-branch.ts";
import { itemOf } from "../stage-world.ts";

/** Two tries on an item, neither of which changed anything. */
function inVain(item: string): readonly Correction[] {
  const blamed = [{ item, title: `Do ${item}` }];
  const one = { number: 1, blamed, models: [], files: [], redBefore: ["all"] };
  return (["continued", "fresh"] as const).map((kind) => ({ ...one, kind, ending: "unchanged" }));
}

describe("a third correction", () => {
  const first = [editing("b.txt", "maybe\n", "possibly\n"), FINISH];
  const others = [editing("b.txt", "possibly\n", "surely\n"), FINISH];

  it("leaves out the item that is to blame, asks nobody, and says what is not done", async () => {
    const { red, next, model, other, mirror } = await redBranch({
      saying: { a: "yes\n", b: "maybe\n" },
      replies: first,
      others,
    });

    const state = await next(await next(await next(red)));

    expect([model?.requests.length, other.requests.length]).toEqual([2, 2]);
    expect(state.commits.map(({ item }) => item)).toEqual(["a"]);
    const head = headOf(state);
    expect(await mirror.readFile(head, "a.txt")).toBe("yes\n");
    expect(await mirror.readFile(head, "b.txt")).toBe("no\n");
    expect(state.unfinished).toMatchObject([{ item: "b", code: "worker.left-out" }]);
    expect(state.attempts?.[2]).toMatchObject({
      kind: "left-out",
      blamed: [{ item: "b", title: "Do b" }],
      files: [{ path: "b.txt" }],
      models: [],
    });
  });

  it("leaves out what builds on it, too", async () => {
    const { red, next, tried } = await redBranch({
      saying: { a: "yes\n", b: "maybe\n", c: "yes\n" },
      items: [itemOf("a"), itemOf("b"), itemOf("c", { dependsOn: ["b"] })],
      replies: first,
      others,
    });

    const { commits, unfinished } = await tried(await next(await next(red)));

    expect(commits?.map(({ item }) => item)).toEqual(["a"]);
    expect(unfinished?.map(({ item, code }) => [item, code])).toEqual([
      ["b", "worker.left-out"],
      ["c", "worker.builds-on-left-out"],
    ]);
  });

  it("says no more of an item than is true: nobody corrected it, where others were to blame before", async () => {
    const { red, tried } = await redBranch({ saying: { a: "yes\n", b: "maybe\n" }, replies: [] });

    const { unfinished } = await tried({ ...red, attempts: inVain("a") });

    expect(unfinished).toMatchObject([{ item: "b", code: "worker.left-out" }]);
    expect(unfinished?.[0]?.reason).not.toContain("its corrections");
  });

  it("tells no more how files were merged that are not changed now", async () => {
    const { red, tried } = await redBranch({ saying: { a: "yes\n", b: "maybe\n" }, replies: [] });
    const merged = ["a.txt", "b.txt"].map((path) => ({ path, kind: "merged" as const, hunks: [] }));

    const left = await tried({ ...red, attempts: inVain("b"), merged });

    expect(left.merged).toEqual(merged.slice(0, 1));
  });

  it("is none where nothing would be left", async () => {
    const { red, next, tried } = await redBranch({
      saying: { b: "maybe\n" },
      replies: first,
      others,
    });

    const { outcome, attempts, corrections } = await tried(await next(await next(red)));

    expect(outcome).toMatchObject({ kind: "checks-failed", corrections: 2 });
    expect(corrections).toBeUndefined();
    expect(attempts).toHaveLength(2);
  });
});
