import { describe, expect, it } from "vitest";
import type { ChatRequest } from "../../../world/model/chat-wire.ts";
import type { Script } from "../../../world/model/script.ts";
import { startScriptedModel } from "../../../world/model/scripted-model.ts";
import { asking, modelAt, patience, withoutStreaming } from "../asking.ts";

/** A vendor that refuses what `refuses` says and answers everything else. */
function refusing(refuses: (body: ChatRequest) => boolean, status: number, body: unknown): Script {
  return (call) => (refuses(call.body) ? { status, body } : { text: "ok" });
}

const openAiShape = (message: string, param: string | null = null) => ({
  error: { message, type: "invalid_request_error", param, code: "unsupported_parameter" },
});

const vendors = [
  {
    name: "rejects stream_options in OpenAI's words",
    refuses: (body: ChatRequest) => body.stream_options != null,
    status: 400,
    body: openAiShape("Unknown parameter: 'stream_options'.", "stream_options"),
    later: { stream: false },
  },
  {
    name: "rejects stream_options the way FastAPI does",
    refuses: (body: ChatRequest) => body.stream_options != null,
    status: 422,
    body: { detail: [{ loc: ["body", "stream_options"], msg: "Extra inputs are not permitted" }] },
    later: { stream: false },
  },
  {
    name: "cannot stream at all",
    refuses: (body: ChatRequest) => body.stream === true,
    status: 400,
    body: { object: "error", message: "Streaming is not supported for this model", code: 400 },
    later: { stream: false },
  },
  {
    name: "rejects a required call when thinking",
    refuses: (body: ChatRequest) => body.tool_choice === "required",
    status: 400,
    body: openAiShape("tool_choice 'required' is incompatible with thinking enabled"),
    later: { tool_choice: "auto", stream: true },
  },
  {
    name: "has no endpoint for a required call",
    refuses: (body: ChatRequest) => body.tool_choice === "required",
    status: 404,
    body: {
      error: {
        message: "No endpoints found that support the provided 'tool_choice' value.",
        code: 404,
      },
    },
    later: { tool_choice: "auto" },
  },
  {
    name: "calls the token limit by its newer name",
    refuses: (body: ChatRequest) => body.max_tokens != null,
    status: 400,
    body: openAiShape(
      "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
      "max_tokens",
    ),
    later: { max_completion_tokens: 99, stream: true },
  },
];

describe("a vendor that does not take everything", () => {
  it.each(vendors)("$name: is understood after one refusal, for good", async (vendor) => {
    await using server = await startScriptedModel(
      refusing(vendor.refuses, vendor.status, vendor.body),
    );
    const { model, waits } = modelAt(server.url, { maxOutputTokens: 99, maxTries: 1 });

    const first = await model.reply(asking({ mustCall: true }), patience());
    const second = await model.reply(asking({ mustCall: true }), patience());

    expect([first.text, second.text]).toEqual(["ok", "ok"]);
    expect(server.requests).toHaveLength(3);
    expect(server.requests[2]?.body).toMatchObject(vendor.later);
    expect(server.violations).toEqual([]);
    expect(waits).toEqual([]);
  });

  it("may refuse one thing after the other", async () => {
    const strict: Script = ({ body }) => {
      if (body.tool_choice === "required") {
        return { status: 400, body: openAiShape("tool_choice is not supported", "tool_choice") };
      }
      return body.max_tokens != null
        ? { status: 400, body: openAiShape("Use 'max_completion_tokens' instead.", "max_tokens") }
        : { text: "ok" };
    };
    await using server = await startScriptedModel(withoutStreaming(strict));
    const { model } = modelAt(server.url, { maxOutputTokens: 99, maxTries: 1 });

    const reply = await model.reply(asking({ mustCall: true }), patience());

    expect(reply.text).toBe("ok");
    expect(server.requests).toHaveLength(4);
  });

  it("is not asked for ever when it refuses everything", async () => {
    const body = openAiShape("no stream, no tool_choice, no max_completion_tokens");
    await using server = await startScriptedModel(() => ({ status: 400, body }));
    const { model } = modelAt(server.url, { maxOutputTokens: 99 });

    const reply = model.reply(asking({ mustCall: true }), patience());

    await expect(reply).rejects.toMatchObject({ code: "model.bad-request" });
    expect(server.requests).toHaveLength(4);
  });

  it("may answer a wish for a stream with one body", async () => {
    const raw = JSON.stringify({
      choices: [{ message: { role: "assistant", content: "plain" }, finish_reason: "stop" }],
    });
    await using server = await startScriptedModel(() => ({ raw, type: "application/json" }));
    const { model } = modelAt(server.url);

    const reply = await model.reply(asking(), patience());

    expect(reply).toMatchObject({ text: "plain", stop: "end" });
    expect(server.requests).toHaveLength(1);
  });

  it("may stream although it was not asked to", async () => {
    const raw = 'data: {"choices":[{"delta":{"content":"anyway"},"finish_reason":"stop"}]}\n\n';
    await using server = await startScriptedModel(
      withoutStreaming(() => ({ raw, type: "text/event-stream" })),
    );
    const { model } = modelAt(server.url);

    const reply = await model.reply(asking(), patience());

    expect(reply.text).toBe("anyway");
  });
});

const chunk = (choice: object) => `data: ${JSON.stringify({ choices: [choice] })}\n\n`;
const callsChunk = (...pieces: object[]) => chunk({ delta: { tool_calls: pieces } });
const end = `${chunk({ delta: {}, finish_reason: "tool_calls" })}data: [DONE]\n\n`;

describe("calls in unusual pieces", () => {
  it.each([
    {
      name: "no index, told apart by id",
      raw:
        callsChunk({ id: "a", function: { name: "x", arguments: '{"n":' } }) +
        callsChunk({ function: { arguments: "1}" } }) +
        callsChunk({ id: "b", function: { name: "y", arguments: '{"n":2}' } }),
      calls: [
        { id: "a", name: "x", input: '{"n":1}' },
        { id: "b", name: "y", input: '{"n":2}' },
      ],
    },
    {
      name: "id and name in every piece, indexes out of order",
      raw:
        callsChunk({ index: 1, id: "b", function: { name: "y", arguments: "{" } }) +
        callsChunk(
          { index: 0, id: "a", function: { name: "x", arguments: "{}" } },
          { index: 1, id: "b", function: { name: "y", arguments: "}" } },
        ),
      calls: [
        { id: "a", name: "x", input: "{}" },
        { id: "b", name: "y", input: "{}" },
      ],
    },
    {
      name: "no id, no arguments",
      raw:
        callsChunk({ index: 0, id: null, function: { name: "x" } }) +
        callsChunk({ index: 1, id: "", function: { name: "y", arguments: null } }),
      calls: [
        { id: "call-2-0", name: "x", input: "{}" },
        { id: "call-2-1", name: "y", input: "{}" },
      ],
    },
    {
      name: "arguments as an object, content as parts",
      raw:
        chunk({ delta: { content: [{ type: "text", text: "" }] } }) +
        callsChunk({ index: 0, id: "a", function: { name: "x", arguments: { n: 1 } } }),
      calls: [{ id: "a", name: "x", input: '{"n":1}' }],
    },
  ])("are joined: $name", async ({ raw, calls }) => {
    await using server = await startScriptedModel(() => ({ raw: raw + end }));
    const { model } = modelAt(server.url);

    const reply = await model.reply(asking(), patience());

    expect(reply).toMatchObject({ calls, stop: "calls" });
  });

  it("are numbered by place in one body without ids", async () => {
    const call = (name: string) => ({ type: "function", function: { name, arguments: "{}" } });
    const message = { content: null, tool_calls: [call("x"), call("y")] };
    const raw = JSON.stringify({ choices: [{ message, finish_reason: "tool_calls" }] });
    await using server = await startScriptedModel(() => ({ raw, type: "application/json" }));
    const { model } = modelAt(server.url);

    const reply = await model.reply(asking(), patience());

    expect(reply.calls.map(({ id, name }) => [id, name])).toEqual([
      ["call-2-0", "x"],
      ["call-2-1", "y"],
    ]);
  });
});
