import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Message, ModelReply } from "../../../../src/core/model.ts";
import { openModel } from "../../../../src/models/open-model.ts";
import { modelContract } from "../../../contracts/model.contract.ts";
import { openAiResponsesWire, responsesEvent } from "../../../world/model/openai-responses-wire.ts";
import { startWireServer, type WireTurn } from "../../../world/model/wire-server.ts";
import { asking, KEY, patience } from "../asking.ts";

modelContract("A Responses model", {
  wire: openAiResponsesWire,
  key: KEY,
  open: ({ url, model, bounds }) =>
    openModel({ provider: "openai", baseUrl: `${url}/v1`, model, apiKey: KEY, ...bounds }),
});

async function serving(...turns: readonly WireTurn[]) {
  const server = await startWireServer(
    openAiResponsesWire,
    (index) => turns[Math.min(index, turns.length - 1)] ?? { say: {} },
  );
  const model = openModel({
    provider: "openai",
    baseUrl: `${server.url}/v1`,
    model: "gpt-test",
    apiKey: KEY,
    effort: "low",
    maxOutputTokens: 512,
    maxTries: 1,
    timeoutMs: 60_000,
  });
  return {
    ...server,
    ask: (given: Parameters<typeof asking>[0] = {}) => model.reply(asking(given), patience()),
  };
}

/** A whole answer of the given items. */
function answer(items: readonly object[], ended: object = {}): string {
  const response = { object: "response", status: "completed", model: "gpt-served", ...ended };
  return [
    ...items.map((item, output_index) =>
      responsesEvent({ type: "response.output_item.done", output_index, item }),
    ),
    responsesEvent({ type: "response.completed", response: { ...response, output: [] } }),
  ].join("");
}

describe("what is sent to Responses", () => {
  it("leaves nothing with the vendor and asks for its reasoning, sealed", async () => {
    await using server = await serving({ say: { text: "ok" } });
    const messages: Message[] = [
      ...asking().messages,
      {
        role: "assistant",
        text: "",
        calls: [{ id: "c1", name: "read_file", input: '{"path":"a"}' }],
      },
      { role: "tool", callId: "c1", text: "A" },
    ];

    await server.ask({ messages, mustCall: true, cacheKey: "repo-1" });

    expect(server.mistakes).toEqual([]);
    expect(server.requests[0]?.body).toEqual({
      model: "gpt-test",
      input: [
        { role: "system", content: "You are terse." },
        { role: "user", content: "Say hello." },
        { type: "function_call", call_id: "c1", name: "read_file", arguments: '{"path":"a"}' },
        { type: "function_call_output", call_id: "c1", output: "A" },
      ],
      tools: [
        {
          type: "function",
          name: "read_file",
          description: "Reads one file.",
          parameters: {
            type: "object",
            properties: { path: { type: "string", minLength: 1 } },
            required: ["path"],
            additionalProperties: false,
          },
          strict: false,
        },
      ],
      tool_choice: "required",
      max_output_tokens: 512,
      reasoning: { effort: "low" },
      include: ["reasoning.encrypted_content"],
      prompt_cache_key: "repo-1",
      store: false,
      stream: true,
    });
  });

  it.each([
    ["one that fits", z.strictObject({ ok: z.boolean() }), true],
    ["one with a default", z.strictObject({ ok: z.boolean().default(true) }), false],
    ["a record", z.strictObject({ counts: z.record(z.string(), z.number()) }), false],
    [
      "one with a limit that strictness does not know",
      z.strictObject({ a: z.string().min(2) }),
      false,
    ],
  ])("is strict about a shape only where that is taken: %s", async (_, schema, strict) => {
    await using server = await serving({ say: { text: "{}" } });

    await server.ask({ output: { name: "verdict", schema }, tools: [] });

    expect(server.requests[0]?.body).toMatchObject({ text: { format: { strict } } });
    expect(server.mistakes).toEqual([]);
  });

  it("tells a shape that is no object in words", async () => {
    await using server = await serving({ say: { text: "[]" } });

    await server.ask({ output: { name: "names", schema: z.array(z.string()) }, tools: [] });

    expect(server.requests[0]?.body).not.toHaveProperty("text");
    expect(JSON.stringify(server.requests[0]?.body)).toContain("Reply with JSON only");
  });

  it.each([
    "Encrypted content is not supported with this model.",
    "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
    "Invalid parameter: 'text.format' of type 'json_schema' is not supported.",
    "Unknown parameter: 'prompt_cache_key'.",
  ])("leaves out for good what is refused: %s", async (message) => {
    const refusal = openAiResponsesWire.refusal("bad-request", message);
    await using server = await serving(refusal, { say: { text: "ok" } });
    const given = {
      output: { name: "verdict", schema: z.object({ ok: z.boolean() }) },
      cacheKey: "repo-1",
    };

    const first = await server.ask(given);
    const second = await server.ask(given);

    expect([first.text, second.text]).toEqual(["ok", "ok"]);
    expect(server.requests).toHaveLength(3);
    expect(server.mistakes).toEqual([]);
    expect(server.requests[2]?.body).toEqual(server.requests[1]?.body);
    expect(server.requests[1]?.body).not.toEqual(server.requests[0]?.body);
  });
});

describe("the items of Responses", () => {
  const text = (words: string) => [{ type: "output_text", text: words, annotations: [] }];
  const items = [
    { type: "reasoning", id: "rs_1", summary: [], encrypted_content: "c2VhbGVk==" },
    {
      type: "message",
      id: "msg_1",
      role: "assistant",
      status: "completed",
      phase: "commentary",
      content: text("Reading. "),
    },
    { type: "reasoning", id: "rs_2", summary: [], encrypted_content: "YWdhaW4==" },
    { type: "function_call", id: "fc_1", call_id: "call_1", name: "read_file", arguments: "{}" },
  ];

  function historyWith(reply: ModelReply): Message[] {
    const { calls, vendor } = reply;
    return [
      ...asking().messages,
      { role: "assistant", text: reply.text, calls, vendor },
      { role: "tool", callId: "call_1", text: "A" },
    ];
  }

  it("go back in their places, byte for byte", async () => {
    await using server = await serving({ raw: answer(items) }, { say: { text: "ok" } });

    const reply = await server.ask();
    await server.ask({ messages: historyWith(reply) });

    expect(reply).toMatchObject({ text: "Reading. ", stop: "calls", servedBy: "gpt-served" });
    expect(server.mistakes).toEqual([]);
    expect(server.requests[1]?.body).toMatchObject({
      input: [{}, {}, ...items, { type: "function_call_output" }],
    });
  });

  it("stay away from a turn that was changed since", async () => {
    await using server = await serving({ raw: answer(items) }, { say: { text: "ok" } });

    const reply = await server.ask();
    await server.ask({ messages: historyWith({ ...reply, text: "Shortened." }) });

    expect(server.mistakes).toEqual([]);
    expect(server.requests[1]?.body).toMatchObject({
      input: [{}, {}, { role: "assistant", content: "Shortened." }, { call_id: "call_1" }, {}],
    });
  });

  it("may come in one body", async () => {
    const usage = { input_tokens: 9, output_tokens: 2, input_tokens_details: { cached_tokens: 4 } };
    const body = { object: "response", status: "completed", output: items, usage };
    await using server = await serving({ raw: JSON.stringify(body), type: "application/json" });

    const reply = await server.ask();

    expect(reply).toMatchObject({ text: "Reading. ", usage: { input: 5, cachedInput: 4 } });
    expect(reply.calls).toEqual([{ id: "call_1", name: "read_file", input: "{}" }]);
  });

  it.each<[string, string, object]>([
    ["a policy", "model.refused", { error: { code: "invalid_prompt", message: "flagged" } }],
    ["a filter", "model.refused", { incomplete_details: { reason: "content_filter" } }],
    ["a limit", "model.rate-limited", { error: { code: "rate_limit_exceeded", message: "slow" } }],
    ["a failure", "model.overloaded", { status: "failed" }],
    ["a failure with a code", "model.overloaded", { error: { code: "server_error", message: "" } }],
  ])("may end with %s: %s", async (_, code, ended) => {
    await using server = await serving({ raw: answer([], ended) });

    await expect(server.ask()).rejects.toMatchObject({ code });
  });

  it("are malformed where a call has no name", async () => {
    await using server = await serving({ raw: answer([{ type: "function_call", call_id: "c" }]) });

    await expect(server.ask()).rejects.toMatchObject({ code: "model.malformed" });
  });
});
