import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Message } from "../../../../src/core/model.ts";
import { openModel } from "../../../../src/models/open-model.ts";
import { modelContract } from "../../../contracts/model.contract.ts";
import { anthropicWire } from "../../../world/model/anthropic-wire.ts";
import { KEY, serving } from "./asking-anthropic.ts";

modelContract("An Anthropic model", {
  wire: anthropicWire,
  key: KEY,
  open: ({ url, model, bounds }) =>
    openModel({ provider: "anthropic", baseUrl: url, model, apiKey: KEY, ...bounds }),
});

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
