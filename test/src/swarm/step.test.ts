import { describe, expect, it } from "vitest";
import type { ModelReply } from "../../../src/core/model.ts";
import { bounded, MAX_INPUT, messagesOf, recorded, Step } from "../../../src/swarm/step.ts";

const USAGE = { calls: 1, input: 1, cachedInput: 0, output: 1 };

function replyOf(changes: Partial<ModelReply>): ModelReply {
  return { text: "", calls: [], usage: USAGE, stop: "calls", ...changes };
}

const call = (input: string) => [{ id: "1", name: "edit", input }];
const CASES: readonly [string, ModelReply][] = [
  ["plain", replyOf({ text: "ok", calls: call("{}"), vendor: { signature: "x" } })],
  ["too long", replyOf({ text: "t".repeat(90_000), calls: call("i".repeat(MAX_INPUT * 2)) })],
  ["a little too long", replyOf({ calls: call("i".repeat(MAX_INPUT + 20)) })],
  ["not text", replyOf({ text: "a\0b\uD800", calls: call('{"a":"\0\uDC00"}') })],
  [
    "named by a novel",
    replyOf({ calls: [{ id: "n".repeat(99_999), name: "n".repeat(999), input: "" }] }),
  ],
];

describe("what of a reply is recorded", () => {
  it.each(CASES)("stays as it is when it is recorded again: %s", (_name, reply) => {
    const once = bounded(reply);

    expect(bounded(once)).toEqual(once);
  });

  it.each(CASES)("is bounded and whole text: %s", (_name, reply) => {
    const { text, calls } = bounded(reply);

    expect(text.length).toBeLessThan(33_000);
    expect(text).not.toContain("\0");
    for (const { id, name, input } of calls) {
      expect([id.length < 33_000, name.length < 400, input.length < MAX_INPUT + 200]).toEqual([
        true,
        true,
        true,
      ]);
    }
    expect(JSON.stringify([text, calls]).isWellFormed()).toBe(true);
  });

  it("leaves input that is too long too long, and what cannot be read unreadable", () => {
    const [long] = bounded(replyOf({ calls: call("i".repeat(MAX_INPUT * 2)) })).calls;
    const [bad] = bounded(replyOf({ calls: call('{"a":"\0"}') })).calls;

    expect(long?.input.length).toBeGreaterThan(MAX_INPUT);
    expect(() => JSON.parse(bad?.input ?? "{}")).toThrow();
  });

  it("comes back from a store as it was, with what it cost, who gave it and what it answers", () => {
    const served = { provider: "local", model: "m", waitedMs: 3, attempts: [] };
    const digest = "a".repeat(64);
    const request = { prompts: digest, history: digest, tools: digest, answer: digest };
    const cost = { amount: 7, isAtMost: true };
    const reply = { ...replyOf({ text: "ok", vendor: [1], served, cost }), request };
    const done = { ...call("{}")[0], kind: "done", result: "r\0" } as const;

    const step = recorded(2, reply, [{ id: "1", name: "edit", input: "{}", ...done }]);

    expect(Step.parse(JSON.parse(JSON.stringify(step)))).toEqual(step);
    expect(step).toMatchObject({
      number: 2,
      served,
      cost,
      request,
      calls: [{ result: "r\uFFFD" }],
    });
    expect(messagesOf(step)).toHaveLength(2);
  });
});
