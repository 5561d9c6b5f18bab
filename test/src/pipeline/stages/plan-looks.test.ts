import { describe, expect, it } from "vitest";
import { plan } from "../../../../src/pipeline/stages/plan.ts";
import { createSyntax } from "../../../../src/syntax/create-syntax.ts";
import { call, calling } from "../../../fakes/fake-model.ts";
import { freshSignal } from "../../git/sample-repository.ts";
import { itemOf, stageWorld } from "../stage-world.ts";

const FILES = {
  "a.txt": "no\n",
  "src/greet.ts": "export function greet() {}\nexport function part() {}\n",
};
const shared = (id: string, name: string) =>
  itemOf(id, { paths: ["src/greet.ts"], symbols: [{ path: "src/greet.ts", names: [name] }] });
const submit = (...items: readonly object[]) =>
  calling(call("submit_plan", { summary: "s", items, checks: [] }));

describe("the plan is made by who can look", () => {
  it("into the commit that it is about", async () => {
    const look = calling(
      call("search", { pattern: "greet" }),
      call("read", { path: "a.txt" }),
      call("symbol", { name: "part" }),
    );
    const { bench, state, model } = await stageWorld({
      files: FILES,
      replies: [look, submit(itemOf("a"))],
    });

    const update = await plan({ ...bench, syntax: createSyntax })(state(), freshSignal());

    expect(update).toMatchObject({ workPlan: { items: [{ id: "a" }] }, usage: { calls: 2 } });
    const answers = model?.requests[1]?.messages.flatMap((m) =>
      m.role === "tool" ? [m.text] : [],
    );
    expect(answers).toEqual([
      "src/greet.ts:1: export function greet() {}",
      "     1\tno\n[1 lines in all]",
      "src/greet.ts:2-2: function part",
    ]);
  });

  it("and splits a file only by symbols that its parser tells", async () => {
    const replies = [submit(shared("a", "greet"), shared("b", "part"))];
    const split = await stageWorld({ files: FILES, replies });
    const parsed = { ...split.bench, syntax: createSyntax };
    const unknown = await stageWorld({ files: FILES, replies: [...replies, submit(itemOf("a"))] });

    const [whole, corrected] = await Promise.all([
      plan(parsed)(split.state(), freshSignal()),
      // Nothing can be parsed here.
      plan(unknown.bench)(unknown.state(), freshSignal()),
    ]);

    expect(whole).toMatchObject({ workPlan: { items: [{ id: "a" }, { id: "b" }] } });
    expect(corrected).toMatchObject({ workPlan: { items: [{ id: "a" }] }, usage: { calls: 2 } });
  });
});
