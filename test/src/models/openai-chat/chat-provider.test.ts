import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Message } from "../../../../src/core/model.ts";
import { openModel } from "../../../../src/models/open-model.ts";
import { modelContract } from "../../../contracts/model.contract.ts";
import { openAiChatWire } from "../../../world/model/openai-chat-wire.ts";
import type { Script } from "../../../world/model/script.ts";
import { startScriptedModel } from "../../../world/model/scripted-model.ts";
import { asking, KEY, modelAt, patience, readFile, withoutStreaming } from "../asking.ts";

const ways = [
  { way: "streamed", as: (script: Script) => script },
  { way: "in one body", as: withoutStreaming },
];

describe.each(ways)("a reply that comes $way", ({ as }) => {
  it("brings its text whole, whatever characters it has", async () => {
    const text = 'Grüße 👩‍👩‍👧, "quoted" \\ and\nanother 行。'.repeat(20);
    await using server = await startScriptedModel(as(() => ({ text })));
    const { model } = modelAt(server.url);

    const reply = await model.reply(asking(), patience());

    expect(reply).toMatchObject({ text, calls: [], stop: "end" });
    expect(server.violations).toEqual([]);
  });

  it("brings several calls with their arguments whole and in order", async () => {
    const path = `${'a"\\👍é'.repeat(30)}.ts`;
    await using server = await startScriptedModel(
      as(() => ({
        text: "Reading.",
        calls: [
          { name: "read_file", input: { path }, id: "one" },
          { name: "read_file", input: { path: "b.ts" }, id: "two" },
          { name: "read_file", rawJson: '{"path": "c' },
        ],
      })),
    );
    const { model } = modelAt(server.url);

    const reply = await model.reply(asking(), patience());

    expect(reply.stop).toBe("calls");
    expect(reply.text).toBe("Reading.");
    expect(reply.calls.map(({ id }) => id).slice(0, 2)).toEqual(["one", "two"]);
    expect(reply.calls.map(({ input }) => input)).toEqual([
      JSON.stringify({ path }),
      '{"path":"b.ts"}',
      '{"path": "c',
    ]);
  });

  it.each([
    { said: { text: "cut o" }, calls: 0 },
    { said: { calls: [{ name: "read_file", rawJson: '{"pa' }] }, calls: 1 },
  ])("says when it ran out of tokens: $said", async ({ said, calls }) => {
    await using server = await startScriptedModel(as(() => ({ ...said, finish: "length" })));
    const { model } = modelAt(server.url);

    const reply = await model.reply(asking(), patience());

    expect(reply.stop).toBe("length");
    expect(reply.calls).toHaveLength(calls);
  });

  it.each([
    {
      name: "cached tokens are taken out of the input",
      usage: {
        prompt_tokens: 100,
        completion_tokens: 7,
        prompt_tokens_details: { cached_tokens: 60 },
      },
      expected: { calls: 1, input: 40, cachedInput: 60, output: 7 },
    },
    {
      name: "more cached than input is no negative input",
      usage: {
        prompt_tokens: 10,
        completion_tokens: 1,
        prompt_tokens_details: { cached_tokens: 60 },
      },
      expected: { calls: 1, input: 0, cachedInput: 60, output: 1 },
    },
    {
      name: "null details are none",
      usage: { prompt_tokens: 10, completion_tokens: null, prompt_tokens_details: null },
      expected: { calls: 1, input: 10, cachedInput: 0, output: 0 },
    },
    {
      name: "null inside the details is none",
      usage: {
        prompt_tokens: 10,
        completion_tokens: 2,
        prompt_tokens_details: { cached_tokens: null },
      },
      expected: { calls: 1, input: 10, cachedInput: 0, output: 2 },
    },
    {
      name: "negative and broken counts are none",
      usage: { prompt_tokens: -5, completion_tokens: 2.7 },
      expected: { calls: 1, input: 0, cachedInput: 0, output: 2 },
    },
    {
      name: "what no vendor can have read is 0",
      usage: { prompt_tokens: 1e300, completion_tokens: 2 },
      expected: { calls: 1, input: 0, cachedInput: 0, output: 2 },
    },
    {
      name: "Kimi's older place for cached tokens is known",
      usage: { prompt_tokens: 10, completion_tokens: 2, cached_tokens: 4 },
      expected: { calls: 1, input: 6, cachedInput: 4, output: 2 },
    },
    {
      name: "an empty usage is a call of nothing",
      usage: {},
      expected: { calls: 1, input: 0, cachedInput: 0, output: 0 },
    },
    {
      name: "a missing usage is a call of nothing",
      usage: null,
      expected: { calls: 1, input: 0, cachedInput: 0, output: 0 },
    },
  ])("counts tokens: $name", async ({ usage, expected }) => {
    await using server = await startScriptedModel(as(() => ({ text: "hello", usage })));
    const { model } = modelAt(server.url);

    const reply = await model.reply(asking(), patience());

    expect(reply.usage).toEqual(expected);
  });

  it("gives a thinking model its reasoning back, and nobody else", async () => {
    await using server = await startScriptedModel(
      as(() => ({ text: "hello", reasoning: "They want a greeting." })),
    );
    const { model } = modelAt(server.url);
    const other = modelAt(server.url, { model: "other" }).model;
    const first = await model.reply(asking(), patience());
    const messages: Message[] = [
      ...asking().messages,
      { role: "assistant", text: first.text, calls: [], vendor: first.vendor },
      { role: "user", text: "Again." },
    ];

    await model.reply(asking({ messages }), patience());
    await other.reply(asking({ messages }), patience());

    const sent = server.requests.map(({ body }) => JSON.stringify(body));
    const withReasoning = sent.filter((body) => body.includes("They want a greeting."));
    expect(withReasoning).toHaveLength(1);
    expect(withReasoning[0]).toContain('"model":"scripted"');
    expect(server.violations).toEqual([]);
  });
});

describe("what is sent", () => {
  it("is a valid request with the history, the tools as JSON Schema and the key", async () => {
    await using server = await startScriptedModel(() => ({ text: "ok" }));
    const { model } = modelAt(server.url, {
      maxOutputTokens: 512,
      headers: { "X-Title": "Nexus" },
    });
    const messages: Message[] = [
      { role: "system", text: "You are terse." },
      { role: "user", text: "Read." },
      {
        role: "assistant",
        text: "",
        calls: [{ id: "c1", name: "read_file", input: '{"path":"a"}' }],
      },
      { role: "tool", callId: "c1", text: "half a pair: \ud83d" },
    ];

    await model.reply(asking({ messages, mustCall: true }), patience());

    expect(server.violations).toEqual([]);
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: `Bearer ${KEY}`,
      "x-title": "Nexus",
    });
    expect(server.requests[0]?.body).toEqual({
      model: "scripted",
      messages: [
        { role: "system", content: "You are terse." },
        { role: "user", content: "Read." },
        {
          role: "assistant",
          content: null,
          tool_calls: [
            {
              id: "c1",
              type: "function",
              function: { name: "read_file", arguments: '{"path":"a"}' },
            },
          ],
        },
        { role: "tool", tool_call_id: "c1", content: "half a pair: \ufffd" },
      ],
      tools: [
        {
          type: "function",
          function: {
            name: "read_file",
            description: "Reads one file.",
            parameters: {
              type: "object",
              properties: { path: { type: "string", minLength: 1 } },
              required: ["path"],
              additionalProperties: false,
            },
          },
        },
      ],
      tool_choice: "required",
      max_tokens: 512,
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it("leaves a call to the model's choice where none is needed", async () => {
    await using server = await startScriptedModel(() => ({ text: "ok" }));
    const { model } = modelAt(server.url);

    await model.reply(asking({ mustCall: false }), patience());

    expect(server.requests[0]?.body).toMatchObject({ tool_choice: "auto" });
  });

  it("has no tool fields where there are no tools", async () => {
    await using server = await startScriptedModel(() => ({ text: "ok" }));
    const { model } = modelAt(server.url);

    await model.reply(asking({ tools: [], mustCall: true }), patience());

    expect(server.violations).toEqual([]);
    expect(server.requests[0]?.body).not.toHaveProperty("tools");
  });

  it("describes what a tool takes in, also where zod changes it on the way", async () => {
    await using server = await startScriptedModel(() => ({ text: "ok" }));
    const { model } = modelAt(server.url);
    const input = z.object({ count: z.string().transform(Number), depth: z.number().default(1) });

    await model.reply(asking({ tools: [{ ...readFile, input }] }), patience());

    expect(server.requests[0]?.body).toMatchObject({
      tools: [
        {
          function: {
            parameters: { required: ["count"], properties: { count: { type: "string" } } },
          },
        },
      ],
    });
  });

  it("quotes a model's broken arguments, so that no vendor stumbles over the history", async () => {
    await using server = await startScriptedModel(() => ({ text: "ok" }));
    const { model } = modelAt(server.url);
    const broken = ['{"path": "a', "[1]", "null", "text"];
    const calls = broken.map((input, n) => ({ id: `c${n}`, name: "read_file", input }));
    const messages: Message[] = [
      { role: "user", text: "Read." },
      { role: "assistant", text: "", calls },
      ...calls.map(({ id }): Message => ({ role: "tool", callId: id, text: "Not JSON." })),
    ];

    await model.reply(asking({ messages }), patience());

    const sent = z
      .object({
        messages: z.array(
          z.object({
            tool_calls: z
              .array(z.object({ function: z.object({ arguments: z.string() }) }))
              .optional(),
          }),
        ),
      })
      .parse(server.requests[0]?.body)
      .messages.flatMap((message) => message.tool_calls ?? []);
    expect(sent.map((call) => JSON.parse(call.function.arguments))).toEqual(
      broken.map((unreadable) => ({ unreadable })),
    );
    expect(server.violations).toEqual([]);
  });
});

modelContract("A Chat Completions model", {
  wire: openAiChatWire,
  key: KEY,
  open: ({ url, model, bounds }) =>
    openModel({ provider: "openai-chat", baseUrl: `${url}/v1`, model, apiKey: KEY, ...bounds }),
});
