import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { type ErrorCode, NexusError } from "../../../../src/core/errors.ts";
import type { Claimant, FairSlots } from "../../../../src/core/fair-slots.ts";
import type { ModelRequest } from "../../../../src/core/model.ts";
import { NO_USAGE } from "../../../../src/core/usage.ts";
import { work } from "../../../../src/pipeline/stages/work.ts";
import { createWorker } from "../../../../src/swarm/worker.ts";
import { call, calling } from "../../../fakes/fake-model.ts";
import { swarmPrompts } from "../../../fakes/swarm-prompts.ts";
import { freshSignal } from "../../git/sample-repository.ts";
import { costing, itemOf, stageWorld } from "../stage-world.ts";

const READ = calling(call("read", { path: "a.txt" }));
const FINISH = calling(call("finish", { summary: "done" }));
const NO_REPLY = { text: "", calls: [], usage: NO_USAGE, stop: "calls" } as const;
const SLEEP = call("run", { command: "sleep 600" });
const OVERLOADED = new NexusError("model.overloaded", "Try later.", { retryable: true });

/** How many replies the worker has had before this request. */
const turnOf = ({ messages }: ModelRequest) =>
  messages.filter(({ role }) => role === "assistant").length;

describe("the tokens of workers", () => {
  it("are counted of those that finished, gave up and were failed by their model", async () => {
    const replies = (request: ModelRequest) => {
      const [item] = ["fails", "gives-up", "finishes"].filter((id) =>
        JSON.stringify(request.messages).includes(`Work item: ${id}`),
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

    expect(update).toMatchObject({
      results: [],
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

/** What a worker does for its item. */
const saying = (id: string) => calling(call("edit", { path: `${id}.txt`, old: "", new: "yes\n" }));

/** Items `ok` and `bad`, and `after` which builds on `bad`; the model of `bad` fails with this code. */
async function half(code: ErrorCode, { dependsOn = ["bad"] } = {}) {
  const replies = (request: ModelRequest) => {
    const id = ["ok", "bad", "after"].find((one) =>
      JSON.stringify(request.messages).includes(`Work item: ${one}`),
    );
    if (id === "bad") return new NexusError(code, "It is out.");
    return turnOf(request) === 0 ? saying(id ?? "") : FINISH;
  };
  const { bench, state } = await stageWorld({ replies });
  const items = [itemOf("bad"), itemOf("ok"), itemOf("after", { dependsOn })];
  const limits = { ...bench.limits, workers: 1 };
  const planned = state({ workPlan: { summary: "s", items, checks: [] } });
  return await work({ ...bench, limits })(planned, freshSignal());
}

describe("a work item that fails", () => {
  it("stops what builds on it; what others came to goes on, and what is missing is named", async () => {
    const update = await half("model.refused");

    expect(update.outcome).toBeUndefined();
    expect(update.results?.map(({ item }) => item)).toEqual(["ok"]);
    expect(update.unfinished).toEqual([
      { item: "bad", title: "Do bad", code: "model.refused", reason: "It is out." },
      {
        item: "after",
        title: "Do after",
        code: "worker.builds-on-failed",
        reason: 'It was not started: it builds on "Do bad", which failed.',
      },
    ]);
  });

  it("for a reason that is everybody's stops what was not started yet", async () => {
    const update = await half("model.budget-exhausted", { dependsOn: [] });

    expect(update.outcome).toMatchObject({ kind: "model-failed", code: "model.budget-exhausted" });
    expect(update.unfinished?.map(({ item, code }) => [item, code])).toEqual([
      ["bad", "model.budget-exhausted"],
      ["ok", "worker.not-started"],
      ["after", "worker.not-started"],
    ]);
  });
});

describe("stopping", () => {
  it("ends commands and calls at once and starts nothing more", async () => {
    const stop = new AbortController();
    const asked: string[] = [];
    const both = Promise.withResolvers<void>();
    const { bench, state } = await stageWorld({ replies: [] });
    const worker = createWorker({
      prompts: swarmPrompts,
      model: {
        name: "slow",
        async reply({ messages }, signal) {
          asked.push(JSON.stringify(messages).includes("Work item: thinks") ? "thinks" : "runs");
          if (asked.length === 2) both.resolve();
          if (asked.at(-1) === "runs") return { ...NO_REPLY, calls: [SLEEP] };
          await once(signal, "abort");
          throw new NexusError("aborted", "The call was stopped.");
        },
      },
    });
    const items = ["thinks", "runs", "waits"].map((id) => itemOf(id));
    const team = bench.team && { ...bench.team, worker };
    const planned = state({ workPlan: { summary: "s", items, checks: [] } });

    const working = work({ ...bench, team })(planned, stop.signal);
    await both.promise;
    const began = performance.now();
    stop.abort();

    await expect(working).rejects.toMatchObject({ code: "aborted" });
    expect(performance.now() - began).toBeLessThan(10_000);
    expect(asked.toSorted()).toEqual(["runs", "thinks"]);
  });
});

describe("places that tasks share", () => {
  it("are taken by each worker for its task and given back, also when it fails", async () => {
    const { bench, state } = await stageWorld({
      replies: (request) => (turnOf(request) < 2 ? READ : OVERLOADED),
    });
    const held: Claimant[] = [];
    let taken = 0;
    const slots: FairSlots = {
      async take(by) {
        taken += 1;
        held.push(by);
        return () => void held.splice(held.indexOf(by), 1);
      },
    };
    const items = ["a", "b"].map((id) => itemOf(id));

    await work({ ...bench, slots })(
      state({ workPlan: { summary: "s", items, checks: [] } }),
      freshSignal(),
    );

    expect({ taken, held }).toEqual({ taken: 2, held: [] });
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

describe("workers of one task", () => {
  it("hear each other, keep what they found out, and are answered from the commit they start from", async () => {
    const heard: string[] = [];
    const replies = (request: ModelRequest) => {
      const text = request.messages.map((message) => message.text).join("\n");
      const turn = turnOf(request);
      if (text.includes("Work item: first")) {
        if (turn > 0) return FINISH;
        const ask = call("ask_context", { question: "which file says yes_or_no" });
        return calling(
          ask,
          call("post_message", { to: "second", text: "I named it tally." }),
          call("remember", { text: "The tests need a build." }),
        );
      }
      heard.push(text);
      return turn > 0 ? FINISH : READ;
    };
    const { bench, state } = await stageWorld({ files: { "a.txt": "yes_or_no\n" }, replies });
    const steps: unknown[] = [];
    const memory = {
      ...bench.memory,
      step: async (_: string, step: unknown) => void steps.push(step),
    };
    const items = [itemOf("first"), itemOf("second", { dependsOn: ["first"] })];
    const planned = state({ workPlan: { summary: "s", items, checks: [] } });

    await work({ ...bench, memory })(planned, freshSignal());

    const [opening = "", later = ""] = heard;
    expect(opening).toContain("- first: The tests need a build.");
    expect(opening).not.toContain("I named it tally.");
    expect(later).toContain("I named it tally.");
    expect(JSON.stringify(steps)).toContain("  1: yes_or_no");
    expect(await bench.memory.recall("board")).toMatchObject({
      messages: [{ from: "first", to: "second", text: "I named it tally." }],
    });
  });
});
