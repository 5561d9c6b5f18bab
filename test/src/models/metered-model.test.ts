import { describe, expect, it } from "vitest";
import { openAccount } from "../../../src/core/account.ts";
import type { Caps } from "../../../src/core/budget.ts";
import { type ErrorCode, NexusError } from "../../../src/core/errors.ts";
import type { Model, ModelReply } from "../../../src/core/model.ts";
import type { Pricing } from "../../../src/core/price.ts";
import { meteredModel } from "../../../src/models/metered-model.ts";
import { fakeModel } from "../../fakes/fake-model.ts";
import { memoryLedger } from "../../fakes/memory-ledger.ts";
import { until } from "../../world/until.ts";

const REQUEST = { messages: [{ role: "user", text: "hi" } as const], tools: [], mustCall: false };
const PRICE = {
  input: 1_000_000,
  cachedInput: 1_000_000,
  cacheWrite: 1_000_000,
  output: 1_000_000,
};
/** Millionths of a dollar: a token costs one. */
const MOST = 2_000 + 64 + JSON.stringify([REQUEST.messages, [], null]).length + 1_000;

interface Setting {
  readonly caps?: Caps;
  readonly pricing?: Pricing;
}

function meter(
  model: Model,
  { caps = {}, pricing = { kind: "priced", price: PRICE } }: Setting = {},
) {
  const ledger = memoryLedger();
  const at = { task: "t", repository: "o/r", leaseMs: 60_000 };
  const account = openAccount({ ledger, caps, ...at });
  const metered = meteredModel(model, {
    account,
    pricing,
    maxOutputTokens: 1_000,
    wait: () => new Promise((resolve) => setImmediate(resolve)),
  });
  const held = async () => {
    const answer = await ledger.reserve({ ...at, model: "", atMost: 1, caps: { total: 0 } });
    return answer.kind === "refused" ? answer.reserved : Number.NaN;
  };
  return { metered, account, cost: account.cost, held, ledger };
}

const never = () => new AbortController().signal;
const failing = (code: ErrorCode, details = {}) => fakeModel([new NexusError(code, "no", details)]);
/** A model that answers when it is told to. */
function slowModel() {
  const waiting: ((reply: ModelReply) => void)[] = [];
  const model: Model = {
    name: "slow",
    reply: (_request, signal) =>
      new Promise((resolve, reject) => {
        waiting.push(resolve);
        signal.addEventListener("abort", () => reject(new NexusError("aborted", "Stopped.")));
      }),
  };
  const usage = { calls: 1, input: 10, cachedInput: 0, output: 5 };
  const answer = () => waiting.shift()?.({ text: "x", calls: [], stop: "end", usage });
  return { model, answer, waiting };
}

describe("a call that is paid for", () => {
  it("is settled at what its tokens cost", async () => {
    const { metered, cost, held } = meter(fakeModel([{ text: "x" }]));

    const reply = await metered.reply(REQUEST, never());

    expect(reply.cost).toEqual({ amount: 15, isAtMost: false });
    expect(await cost()).toEqual({ spent: 15, isAtMost: false });
    expect(await held()).toBe(0);
  });

  it("is held at its most while it goes on", async () => {
    const { model, answer, waiting } = slowModel();
    const { metered, held } = meter(model);
    const replying = metered.reply(REQUEST, never());
    await until(() => waiting.length === 1, { what: "the call" });

    expect(await held()).toBe(MOST);
    answer();
    await replying;
    expect(await held()).toBe(0);
  });

  it.each([
    ["nothing at all", { calls: 1, input: 0, cachedInput: 0, output: 0 }],
    ["no output of a reply that says something", { calls: 1, input: 9, cachedInput: 0, output: 0 }],
  ])("counts as its most where the vendor counted %s", async (_name, usage) => {
    const { metered, cost } = meter(fakeModel([{ text: "x", usage }]));

    const reply = await metered.reply(REQUEST, never());

    expect(reply.cost).toEqual({ amount: MOST, isAtMost: true });
    expect(await cost()).toEqual({ spent: MOST, isAtMost: true });
  });

  it.each<[ErrorCode, object, "nothing" | "the most"]>([
    ["model.auth", {}, "nothing"],
    ["model.rate-limited", {}, "nothing"],
    ["model.overloaded", {}, "nothing"],
    ["model.bad-request", {}, "nothing"],
    ["model.context-too-long", {}, "nothing"],
    ["model.spend-limit", {}, "nothing"],
    ["model.unreachable", { unsent: true }, "nothing"],
    ["model.unreachable", {}, "the most"],
    ["model.timeout", {}, "the most"],
    ["model.malformed", {}, "the most"],
    ["model.refused", {}, "the most"],
    ["aborted", {}, "the most"],
  ])("that fails with %s %j costs %s", async (code, details, costs) => {
    const { metered, cost, held } = meter(failing(code, details));

    await expect(metered.reply(REQUEST, never())).rejects.toMatchObject({ code });

    const spent = costs === "nothing" ? 0 : MOST;
    expect(await cost()).toEqual({ spent, isAtMost: spent > 0 });
    expect(await held()).toBe(0);
  });

  it("that fails after a part of its reply has come costs the most", async () => {
    const model: Model = {
      name: "m",
      async reply(_request, _signal, onEvent) {
        onEvent?.({ kind: "text", text: "half" });
        throw new NexusError("model.overloaded", "in the middle");
      },
    };
    const { metered, cost } = meter(model);

    await expect(metered.reply(REQUEST, never())).rejects.toThrow("in the middle");

    expect(await cost()).toEqual({ spent: MOST, isAtMost: true });
  });

  it("costs nothing where it was stopped before it began", async () => {
    const model = fakeModel([]);
    const { metered, cost, held } = meter(model);

    const stopped = metered.reply(REQUEST, AbortSignal.abort());

    await expect(stopped).rejects.toMatchObject({ code: "aborted" });
    expect(model.requests).toEqual([]);
    expect([await cost(), await held()]).toEqual([{ spent: 0, isAtMost: false }, 0]);
  });

  it("whose reply came is not lost where the book cannot be written", async () => {
    const { account } = meter(fakeModel([]));
    const broken = { ...account, settle: () => Promise.reject(new Error("gone")) };
    const pricing = { kind: "priced", price: PRICE } as const;
    const metered = meteredModel(fakeModel([{ text: "paid" }]), {
      account: broken,
      pricing,
      maxOutputTokens: 1,
    });

    expect(await metered.reply(REQUEST, never())).toMatchObject({ text: "paid" });
  });

  it("is paid for again each time it is tried again", async () => {
    const model = fakeModel([
      new NexusError("model.timeout", "slow", { retryable: true }),
      new NexusError("model.overloaded", "busy", { retryable: true }),
      { text: "x" },
    ]);
    const { metered, cost } = meter(model);

    await expect(metered.reply(REQUEST, never())).rejects.toThrow("slow");
    await expect(metered.reply(REQUEST, never())).rejects.toThrow("busy");
    await metered.reply(REQUEST, never());

    expect(await cost()).toEqual({ spent: MOST + 15, isAtMost: true });
  });
});

describe("what the vendor itself says that a call cost", () => {
  const told = { kind: "told", atMost: 1_000_000 } as const;

  it.each([
    ["less than its tokens", 7],
    ["more than its tokens", 40],
    ["more than was held for it", MOST + 1],
    ["nothing", 0],
  ])("is the bill, also where it is %s", async (_name, charged) => {
    const { metered, cost, held } = meter(fakeModel([{ text: "x", charged }]));

    const reply = await metered.reply(REQUEST, never());

    expect(reply.cost).toEqual({ amount: charged, isAtMost: false });
    expect(await cost()).toEqual({ spent: charged, isAtMost: false });
    expect(await held()).toBe(0);
  });

  it("is all that is known of the price of some, for which their own most is held", async () => {
    const { model, answer, waiting } = slowModel();
    const { metered, held } = meter(model, { pricing: told });
    const replying = metered.reply(REQUEST, never());
    await until(() => waiting.length === 1, { what: "the call" });

    expect(await held()).toBe(1_000_000);
    answer();

    expect((await replying).cost).toEqual({ amount: 1_000_000, isAtMost: true });
  });

  it.each([
    ["what it says", 300, { spent: 300, isAtMost: false }],
    ["the most where it says no more", "unknown", { spent: 1_000_000, isAtMost: true }],
  ] as const)("is paid also where no answer came: %s", async (_name, charged, expected) => {
    const model = failing("model.spend-limit", { charged });
    const { metered, cost, held } = meter(model, { pricing: told });

    await expect(metered.reply(REQUEST, never())).rejects.toMatchObject({ charged });

    expect(await cost()).toEqual(expected);
    expect(await held()).toBe(0);
  });
});

describe("a call there is no room for", () => {
  it("is not made, and says which cap it came up against", async () => {
    const model = fakeModel([{ text: "x" }]);
    const { metered } = meter(model, { caps: { task: MOST - 1, day: MOST } });

    await expect(metered.reply(REQUEST, never())).rejects.toMatchObject({
      code: "model.budget-exhausted",
      exhaustion: { cap: "task", limit: MOST - 1, settled: 0, reserved: 0 },
      retryable: false,
    });
    expect(model.requests).toEqual([]);
  });

  it("waits for what others hold and will hardly need", async () => {
    const { model, answer, waiting } = slowModel();
    const { metered, cost } = meter(model, { caps: { task: MOST + 15 } });
    const both = Promise.all([1, 2].map(() => metered.reply(REQUEST, never())));
    await until(() => waiting.length === 1, { what: "the first call" });

    answer();
    await until(() => waiting.length === 1, { what: "the second call" });
    answer();
    await both;

    expect(await cost()).toEqual({ spent: 30, isAtMost: false });
  });

  it("stops waiting when it is stopped", async () => {
    const { model, waiting } = slowModel();
    const { metered, held } = meter(model, { caps: { task: MOST } });
    const stop = new AbortController();
    const first = metered.reply(REQUEST, stop.signal).catch((error: unknown) => error);
    await until(() => waiting.length === 1, { what: "the first call" });
    const second = metered.reply(REQUEST, stop.signal);

    stop.abort();

    await expect(second).rejects.toMatchObject({ code: "aborted" });
    await first;
    expect(await held()).toBe(0);
  });

  it("is one under caps that were lowered since", async () => {
    const { metered, account } = meter(fakeModel([{ text: "x" }]), { caps: { task: MOST } });
    account.lower({ task: MOST * 2, day: 1 });

    await expect(metered.reply(REQUEST, never())).rejects.toMatchObject({
      exhaustion: { cap: "day", limit: 1 },
    });
  });
});

describe("a model", () => {
  it("that is free is called without the book", async () => {
    const { metered, cost } = meter(fakeModel([{ text: "x" }]), {
      caps: { task: 0 },
      pricing: { kind: "free" },
    });

    await metered.reply(REQUEST, never());

    expect(await cost()).toEqual({ spent: 0, isAtMost: false });
  });

  it("of unknown price is not called, with what to do about it", async () => {
    const model = fakeModel([]);
    const { metered } = meter(model, { pricing: { kind: "unknown" } });

    await expect(metered.reply(REQUEST, never())).rejects.toMatchObject({
      code: "model.price-unknown",
      hint: expect.stringContaining("UNKNOWN_PRICE"),
    });
    expect(model.requests).toEqual([]);
  });
});
