import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Message, ModelReply } from "../../../../src/core/model.ts";
import { openModel } from "../../../../src/models/open-model.ts";
import { modelContract } from "../../../contracts/model.contract.ts";
import { anthropicWire, event } from "../../../world/model/anthropic-wire.ts";
import type { Wire } from "../../../world/model/wire.ts";
import { startWireServer, type WireTurn } from "../../../world/model/wire-server.ts";
import { asking, patience } from "../asking.ts";

const KEY = "sk-ant-test-3f9a77c1";

modelContract("An Anthropic model", {
  wire: anthropicWire,
  key: KEY,
  open: ({ url, model, bounds }) =>
    openModel({ provider: "anthropic", baseUrl: url, model, apiKey: KEY, ...bounds }),
});

async function serving(...turns: readonly WireTurn[]) {
  return await servingWire(anthropicWire, turns);
}

/** A pause is gone on from by what is a mistake elsewhere: an answer at the end. */
async function servingAnything(...turns: readonly WireTurn[]) {
  return await servingWire({ ...anthropicWire, mistakes: () => [] }, turns);
}

async function servingWire(wire: Wire, turns: readonly WireTurn[]) {
  const server = await startWireServer(
    wire,
    (index) => turns[Math.min(index, turns.length - 1)] ?? { say: {} },
  );
  const model = openModel({
    provider: "anthropic",
    baseUrl: server.url,
    model: "claude-test",
    apiKey: KEY,
    effort: "low",
    timeoutMs: 60_000,
    wait: async () => {},
  });
  return {
    ...server,
    ask: (given: Parameters<typeof asking>[0] = {}) => model.reply(asking(given), patience()),
  };
}

/** A whole answer of the given blocks, each sent at once. */
function answer(blocks: readonly object[], stop = "end_turn", usage: object = {}): string {
  const message = { type: "message", model: "claude-served", content: [], usage: {} };
  return [
    event({ type: "message_start", message }),
    ...blocks.flatMap((content_block, index) => [
      event({ type: "content_block_start", index, content_block }),
      event({ type: "content_block_stop", index }),
    ]),
    event({ type: "message_delta", delta: { stop_reason: stop }, usage }),
    event({ type: "message_stop" }),
  ].join("");
}

describe("what is sent to Anthropic", () => {
  it("is marked for its cache, and results come first in one turn", async () => {
    await using server = await serving({ say: { text: "ok" } });
    const messages: Message[] = [
      { role: "system", text: "You are terse." },
      { role: "system", text: "The repository." },
      { role: "user", text: "Read." },
      {
        role: "assistant",
        text: "Both.",
        calls: [
          { id: "c1", name: "read_file", input: '{"path":"a"}' },
          { id: "c2", name: "read_file", input: '{"path":"b"}' },
        ],
      },
      { role: "tool", callId: "c1", text: "A" },
      { role: "system", text: "Two minutes left." },
      { role: "tool", callId: "c2", text: "" },
      { role: "user", text: "Well?" },
    ];

    await server.ask({ messages, mustCall: true });

    expect(server.mistakes).toEqual([]);
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: `Bearer ${KEY}`,
      "anthropic-version": "2026-10-21",
    });
    expect(server.requests[0]?.body).toEqual({
      model: "claude-test",
      max_tokens: 32_000,
      system: [
        { type: "text", text: "You are terse." },
        { type: "text", text: "The repository.", cache_control: { type: "ephemeral" } },
      ],
      tools: [
        {
          name: "read_file",
          description: "Reads one file.",
          input_schema: {
            type: "object",
            properties: { path: { type: "string", minLength: 1 } },
            required: ["path"],
            additionalProperties: false,
          },
        },
      ],
      tool_choice: { type: "any" },
      output_config: { effort: "low" },
      cache_control: { type: "ephemeral" },
      messages: [
        { role: "user", content: [{ type: "text", text: "Read." }] },
        {
          role: "assistant",
          content: [
            { type: "text", text: "Both." },
            { type: "tool_use", id: "c1", name: "read_file", input: { path: "a" } },
            { type: "tool_use", id: "c2", name: "read_file", input: { path: "b" } },
          ],
        },
        {
          role: "user",
          content: [
            { type: "tool_result", tool_use_id: "c1", content: [{ type: "text", text: "A" }] },
            { type: "tool_result", tool_use_id: "c2" },
            { type: "text", text: "<system>\nTwo minutes left.\n</system>" },
            { type: "text", text: "Well?" },
          ],
        },
      ],
      stream: true,
    });
  });

  it("holds a shape where Anthropic can, and words where it cannot", async () => {
    await using server = await serving({ say: { text: "{}" } });
    const closed = z.object({ ok: z.boolean(), n: z.number().int().min(1) });
    const open = z.record(z.string(), z.number());

    await server.ask({ output: { name: "verdict", schema: closed }, tools: [] });
    await server.ask({ output: { name: "counts", schema: open }, tools: [] });

    expect(server.mistakes).toEqual([]);
    expect(server.requests[0]?.body).toMatchObject({
      output_config: { format: { type: "json_schema", schema: { additionalProperties: false } } },
    });
    expect(server.requests[1]?.body).toMatchObject({ output_config: { effort: "low" } });
    expect(JSON.stringify(server.requests[1]?.body)).toContain("Reply with JSON only");
  });

  it.each([
    [
      "Thinking may not be enabled when tool_choice forces tool use.",
      { tool_choice: { type: "auto" } },
    ],
    ["This model does not support the effort parameter.", {}],
    ["output_config.format: structured outputs are not supported", {}],
    ["cache_control: Extra inputs are not permitted", {}],
  ])("leaves out for good what is refused: %s", async (message, later) => {
    const refusal = anthropicWire.refusal("bad-request", message);
    await using server = await serving(refusal, { say: { text: "ok" } });
    const output = { name: "verdict", schema: z.object({ ok: z.boolean() }) };

    const first = await server.ask({ mustCall: true, output });
    const second = await server.ask({ mustCall: true, output });

    expect([first.text, second.text]).toEqual(["ok", "ok"]);
    expect(server.requests).toHaveLength(3);
    expect(server.mistakes).toEqual([]);
    expect(server.requests[2]?.body).toMatchObject(later);
    expect(server.requests[2]?.body).toEqual(server.requests[1]?.body);
    expect(server.requests[1]?.body).not.toEqual(server.requests[0]?.body);
  });

  it("gives up when everything is refused", async () => {
    const message = "no tool_choice, no effort, no output_config, no cache_control";
    await using server = await serving(anthropicWire.refusal("bad-request", message));
    const output = { name: "verdict", schema: z.object({ ok: z.boolean() }) };

    const reply = server.ask({ mustCall: true, output });

    await expect(reply).rejects.toMatchObject({ code: "model.bad-request" });
    expect(server.requests).toHaveLength(5);
  });
});

describe("Anthropic's thinking", () => {
  const thinking = { type: "thinking", thinking: "Hm. \ud83d\udc4d", signature: "c2lnbmVk==" };
  const redacted = { type: "redacted_thinking", data: "ZW5jcnlwdGVk" };
  const blocks = [
    thinking,
    { type: "text", text: "First. " },
    redacted,
    { type: "text", text: "Then." },
    { type: "tool_use", id: "toolu_1", name: "read_file", input: { path: "a" } },
  ];

  function historyWith(reply: ModelReply): Message[] {
    const { text, calls, vendor } = reply;
    return [
      ...asking().messages,
      { role: "assistant", text, calls, vendor },
      { role: "tool", callId: "toolu_1", text: "A" },
    ];
  }

  it("goes back in its places, byte for byte", async () => {
    await using server = await serving(
      { raw: answer(blocks, "tool_use") },
      { say: { text: "ok" } },
    );

    const reply = await server.ask();
    await server.ask({ messages: historyWith(reply) });

    expect(server.mistakes).toEqual([]);
    expect(server.requests[1]?.body).toMatchObject({
      messages: [{}, { role: "assistant", content: blocks }, {}],
    });
  });

  it("stays away from a turn that was changed since", async () => {
    await using server = await serving(
      { raw: answer(blocks, "tool_use") },
      { say: { text: "ok" } },
    );

    const reply = await server.ask();
    await server.ask({ messages: historyWith({ ...reply, text: "Shortened." }) });

    expect(server.mistakes).toEqual([]);
    expect(server.requests[1]?.body).toMatchObject({
      messages: [{}, { content: [{ type: "text", text: "Shortened." }, { id: "toolu_1" }] }, {}],
    });
  });

  it("goes on after a pause from its own words, and all of it is one reply", async () => {
    const paused = answer([thinking, { type: "text", text: "One, " }], "pause_turn", {
      input_tokens: 10,
      output_tokens: 3,
    });
    const rest = answer([{ type: "text", text: "two." }], "end_turn", {
      input_tokens: 20,
      output_tokens: 4,
    });
    await using server = await servingAnything({ raw: paused }, { raw: rest });

    const reply = await server.ask();

    expect(reply).toMatchObject({ text: "One, two.", stop: "end", servedBy: "claude-served" });
    expect(reply.usage).toMatchObject({ calls: 2, input: 30, output: 7 });
    expect(server.requests[1]?.body).toMatchObject({
      messages: [{}, { role: "assistant", content: [thinking, { text: "One, " }] }],
    });
  });

  it("does not pause for ever", async () => {
    const paused = answer([{ type: "text", text: "Hm." }], "pause_turn");
    await using server = await servingAnything({ raw: paused });

    const reply = server.ask();

    await expect(reply).rejects.toMatchObject({ code: "model.malformed" });
    expect(server.requests).toHaveLength(4 * 6);
  });
});

describe("Anthropic's answers", () => {
  it("may come in one body", async () => {
    const body = {
      type: "message",
      model: "claude-served",
      content: [
        { type: "text", text: "plain" },
        { type: "tool_use", id: "t1", name: "read_file", input: { path: "a" } },
      ],
      stop_reason: "tool_use",
      usage: { input_tokens: 5, output_tokens: 2, cache_read_input_tokens: 3 },
    };
    await using server = await serving({ raw: JSON.stringify(body), type: "application/json" });

    const reply = await server.ask();

    expect(reply).toMatchObject({
      text: "plain",
      calls: [{ id: "t1", name: "read_file", input: '{"path":"a"}' }],
      stop: "calls",
      usage: { input: 5, cachedInput: 3, output: 2 },
    });
  });

  it.each([
    ["a call of no name", [{ type: "tool_use", id: "t1" }]],
    ["a call of no id", [{ type: "tool_use", name: "read_file", input: {} }]],
  ])("of %s are malformed", async (_, blocks) => {
    await using server = await serving({ raw: answer(blocks, "tool_use") });

    await expect(server.ask()).rejects.toMatchObject({ code: "model.malformed" });
  });

  it.each<[string, string, WireTurn]>([
    ["a limit of spending", "model.spend-limit", refused(429, "enforced_spend_limit_reached")],
    ["an organisation on hold", "model.auth", refused(400, "organization_on_hold")],
    [
      "a personal plan's token",
      "model.auth",
      anthropicWire.refusal(
        "bad-request",
        "This credential is only authorized for use with Claude Code and cannot be used.",
      ),
    ],
  ])("of %s are told: %s", async (_, code, turn) => {
    await using server = await serving(turn);

    await expect(server.ask()).rejects.toMatchObject({ code, retryable: false });
    expect(server.requests).toHaveLength(1);
  });
});

function refused(status: number, error_code: string): WireTurn {
  const error = { type: "rate_limit_error", message: "no", details: { error_code } };
  return { status, headers: { "retry-after": "9" }, body: { type: "error", error } };
}
