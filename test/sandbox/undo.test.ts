import { describe, expect, it } from "vitest";
import { createUndo } from "../../sandbox/undo.ts";

function recording() {
  const done: string[] = [];
  const undo = createUndo();
  const step = (name: string) => async () => done.push(name);
  return { done, undo, step };
}

describe("taking away what was made", () => {
  it("goes backwards, and does each step once", async () => {
    const { done, undo, step } = recording();
    undo.push("shared", step("tree"));
    undo.push("own", step("container"));

    await undo.all();
    await undo.all();

    expect(done).toEqual(["container", "tree"]);
  });

  it("can be for what is shared only, and for the rest later", async () => {
    const { done, undo, step } = recording();
    undo.push("shared", step("tree"));
    undo.push("own", step("container"));

    await undo.shared();
    expect(done).toEqual(["tree"]);
    await undo.all();

    expect(done).toEqual(["tree", "container"]);
  });

  it("goes on after a step that fails, and tells of the first", async () => {
    const { done, undo, step } = recording();
    undo.push("own", step("layer"));
    undo.push("own", () => Promise.reject(new Error("second")));
    undo.push("own", () => Promise.reject(new Error("first")));

    await expect(undo.all()).rejects.toThrow("first");

    expect(done).toEqual(["layer"]);
  });
});
