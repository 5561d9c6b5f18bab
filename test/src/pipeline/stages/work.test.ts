import { describe, expect, it } from "vitest";
import { NexusError } from "../../../../src/core/errors.ts";
import type { ModelRequest } from "../../../../src/core/model.ts";
import { work } from "../../../../src/pipeline/stages/work.ts";
import { call, calling } from "../../../fakes/fake-model.ts";
import { freshSignal } from "../../git/sample-repository.ts";
import { costing, itemOf, stageWorld } from "../stage-world.ts";

const READ = calling(call("read", { path: "a.txt" }));
const FINISH = calling(call("finish", { summary: "done" }));
const OVERLOADED = new NexusError("model.overloaded", "Try later.", { retryable: true });

/** How many replies the worker has had before this request. */
const turnOf = ({ messages }: ModelRequest) =>
  messages.filter(({ role }) => role === "assistant").length;

describe("the tokens of workers", () => {
  it("are counted of those that finished, gave up and were failed by their model", async () => {
    const replies = (request: ModelRequest) => {
      const [item] = ["fails", "gives-up", "finishes"].filter((id) =>
        JSON.stringify(request.messages).includes(`Do ${id}`),
      );
      const turn = turnOf(request);
      if (item === "finishes") return costing(FINISH, 1_000);
      if (item === "fails") return turn < 2 ? costing(READ, 10) : OVERLOADED;
      return costing(calling(call("read", { path: `${turn}.txt` })), 100);
    };
    const { bench, state } = await stageWorld({ replies });
    const items = ["fails", "gives-up", "finishes"].map((id) => itemOf(id));
    const limits = { ...bench.limits, workers: 3 };
    const planned = state({ workPlan: { summary: "s", items, checks: [] } });

    const { usage, outcome } = await work({ ...bench, limits })(planned, freshSignal());

    // Two replies, four until the bound of steps, one.
    expect(usage).toEqual({ calls: 7, input: 20 + 400 + 1_000, cachedInput: 0, output: 7 });
    expect(outcome).toMatchObject({ kind: "model-failed" });
  });

  it("are counted too where the only worker's model fails after some replies", async () => {
    const replies = [costing(READ, 10), costing(READ, 10), OVERLOADED];
    const { bench, state } = await stageWorld({ replies });
    const items = [itemOf("a")];

    const update = await work(bench)(
      state({ workPlan: { summary: "s", items, checks: [] } }),
      freshSignal(),
    );

    expect(update).toEqual({
      usage: { calls: 2, input: 20, cachedInput: 0, output: 2 },
      outcome: { kind: "model-failed", code: "model.overloaded", reason: "Try later." },
    });
  });

  it("trouble of our own is no ending", async () => {
    const broken = new NexusError("sandbox.unavailable", "No Docker.", { retryable: true });
    const { bench, state } = await stageWorld({ replies: [] });
    const sandbox = { ...bench.sandbox, open: () => Promise.reject(broken) };

    const working = work({ ...bench, sandbox })(
      state({ workPlan: { summary: "s", items: [itemOf("a")], checks: [] } }),
      freshSignal(),
    );

    await expect(working).rejects.toBe(broken);
  });
});

describe("files outside a work item", () => {
  const writing = (command: string) => [calling(call("run", { command })), FINISH];

  it.each([
    ["echo x > stray.txt; echo y > b.md", [], ["b.md", "stray.txt"]],
    ["echo x > stray.txt; echo yes > a.txt", ["a.txt"], ["stray.txt"]],
    ["echo yes > a.txt", ["a.txt"], []],
  ])("are left behind and named: %s", async (command, changed, leftBehind) => {
    const { bench, state } = await stageWorld({ replies: writing(command) });

    const update = await work(bench)(
      state({ workPlan: { summary: "s", items: [itemOf("a")], checks: [] } }),
      freshSignal(),
    );

    const files = update.results?.flatMap(({ changeSet }) => changeSet.files) ?? [];
    expect(files.map(({ path }) => path)).toEqual(changed);
    expect(update.leftBehind?.toSorted()).toEqual(leftBehind);
  });

  it("are not denied where nothing else was changed", async () => {
    const endings = await Promise.all(
      ["echo x > stray.txt", "true"].map(async (command) => {
        const { bench, state } = await stageWorld({ replies: writing(command) });
        const planned = state({ workPlan: { summary: "s", items: [itemOf("a")], checks: [] } });
        return (await work(bench)(planned, freshSignal())).outcome;
      }),
    );

    expect(endings).toEqual([
      {
        kind: "nothing-to-do",
        reason: "The workers changed no file within the paths of their work items.",
      },
      { kind: "nothing-to-do", reason: "The workers finished without changing a file." },
    ]);
  });
});
