import { describe, expect, it } from "vitest";
import type { Message, ModelReply } from "../../../../src/core/model.ts";
import { anthropicWire } from "../../../world/model/anthropic-wire.ts";
import type { WireTurn } from "../../../world/model/wire-server.ts";
import { asking } from "../asking.ts";
import { answer, refused, serving, servingAnything } from "./asking-anthropic.ts";

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
