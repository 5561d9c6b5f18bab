import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import type { Message, ModelRequest } from "../../../../src/core/model.ts";
import { createModel } from "../../../../src/models/create-model.ts";
import { openGemini } from "../../../../src/models/gemini/open-gemini.ts";
import { geminiWire } from "../../../world/model/gemini-wire.ts";
import {
  startWireServer,
  type WireServer,
  type WireTurn,
} from "../../../world/model/wire-server.ts";

const KEY = "AIzaTestKeyThatIsNone0123456789";

const readFile = {
  name: "read_file",
  description: "Reads one file.",
  input: z.strictObject({ path: z.string().min(1).max(90), how: z.literal("whole").optional() }),
};

function serving(turn: WireTurn) {
  return startWireServer(geminiWire, () => turn);
}

async function ask(
  server: WireServer,
  given: Partial<ModelRequest> & { effort?: string; maxOutputTokens?: number; tries?: number } = {},
) {
  const { effort, maxOutputTokens, tries = 1, ...request } = given;
  const waits: number[] = [];
  const model = createModel(
    "gemini",
    openGemini({
      model: "gemini-3-flash",
      apiKey: KEY,
      baseUrl: `${server.url}/`,
      ...(effort && { effort }),
      ...(maxOutputTokens && { maxOutputTokens }),
    }),
    {
      timeoutMs: 60_000,
      maxTries: tries,
      wait: async (ms) => {
        waits.push(ms);
      },
    },
  );
  const reply = model.reply(
    { messages: [{ role: "user", text: "Hello." }], tools: [], mustCall: false, ...request },
    new AbortController().signal,
  );
  return { reply, waits };
}

/** The events of a stream as Google ends its lines. */
function events(...all: readonly unknown[]): WireTurn {
  return { raw: all.map((data) => `data: ${JSON.stringify(data)}\r\n\r\n`).join("") };
}

function part(...parts: readonly object[]) {
  return { candidates: [{ content: { role: "model", parts } }] };
}

const END = { candidates: [{ finishReason: "STOP" }] };

describe("what Gemini is sent", () => {
  it("is the history in its turns, with tools, limits and no second call", async () => {
    await using server = await serving({ say: { text: "ok" } });
    const messages: Message[] = [
      { role: "system", text: "You are terse." },
      { role: "system", text: "You are kind." },
      { role: "user", text: "Read." },
      {
        role: "assistant",
        text: "Reading.",
        calls: [
          { id: "a", name: "read_file", input: '{"path":"a"}' },
          { id: "b", name: "read_file", input: '{"path":"b"}' },
        ],
      },
      { role: "tool", callId: "a", text: "content a" },
      { role: "tool", callId: "b", text: "content b" },
      { role: "user", text: "Go on." },
      { role: "system", text: "Hurry." },
    ];

    const { reply } = await ask(server, {
      messages,
      tools: [readFile],
      mustCall: true,
      effort: "high",
      maxOutputTokens: 512,
    });
    await reply;

    expect(server.mistakes).toEqual([]);
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]?.path).toBe(
      "/v1/models/gemini-3-flash:streamGenerateContent?alt=sse",
    );
    expect(server.requests[0]?.headers["x-goog-api-key"]).toBe(KEY);
    expect(server.requests[0]?.body).toEqual({
      systemInstruction: { parts: [{ text: "You are terse." }, { text: "You are kind." }] },
      contents: [
        { role: "user", parts: [{ text: "Read." }] },
        {
          role: "model",
          parts: [
            { text: "Reading." },
            {
              functionCall: { name: "read_file", args: { path: "a" } },
              thoughtSignature: "skip_thought_signature_validator",
            },
            { functionCall: { name: "read_file", args: { path: "b" } } },
          ],
        },
        {
          role: "user",
          parts: [
            { functionResponse: { name: "read_file", response: { output: "content a" } } },
            { functionResponse: { name: "read_file", response: { output: "content b" } } },
          ],
        },
        { role: "user", parts: [{ text: "Go on." }, { text: "Hurry." }] },
      ],
      tools: [
        {
          functionDeclarations: [
            {
              name: "read_file",
              description: "Reads one file.",
              parametersJsonSchema: {
                type: "object",
                properties: {
                  path: { type: "string" },
                  how: { type: "string", enum: ["whole"] },
                },
                required: ["path"],
                additionalProperties: false,
              },
            },
          ],
        },
      ],
      toolConfig: { functionCallingConfig: { mode: "ANY" } },
      generationConfig: {
        maxOutputTokens: 512,
        thinkingConfig: { includeThoughts: true, thinkingLevel: "HIGH" },
      },
    });
  });

  it("is the shape of a reply as a schema, and beside tools in words", async () => {
    await using server = await serving({ say: { text: "{}" } });
    const tree = z.object({
      name: z.string(),
      get below() {
        return z.array(tree).optional();
      },
    });
    const output = { name: "tree", schema: z.object({ root: tree, at: z.tuple([z.int()]) }) };

    await (await ask(server, { output })).reply;
    await (await ask(server, { output, tools: [readFile] })).reply;

    expect(server.mistakes).toEqual([]);
    const [bare, beside] = server.requests.map(({ body }) => JSON.stringify(body));
    expect(bare).toContain('"responseMimeType":"application/json"');
    expect(bare).toContain("#/$defs/");
    expect(bare).toContain("prefixItems");
    expect(beside).not.toContain("responseMimeType");
    expect(beside).toContain("Reply with JSON only");
  });

  it("is what it said itself, part by part, with its ids and its signatures", async () => {
    const parts = [
      { text: "I think.", thought: true },
      { text: "Reading.", thoughtSignature: "c2lnbmVk" },
      {
        functionCall: { id: "fc-1", name: "read_file", args: { path: "a" } },
        thoughtSignature: "eHg=",
      },
      { functionCall: { name: "read_file", args: { path: "b" } } },
      { text: "", thoughtSignature: "ZW5k" },
    ];
    await using server = await serving(events(...parts.map((one) => part(one)), END));
    const { text, calls, vendor } = await (await ask(server)).reply;
    const [first, second] = calls.map(({ id }) => id);

    await (
      await ask(server, {
        messages: [
          { role: "user", text: "Read." },
          { role: "assistant", text, calls, vendor },
          { role: "tool", callId: first ?? "", text: "content a" },
          { role: "tool", callId: second ?? "", text: "content b" },
        ],
      })
    ).reply;

    expect(text).toBe("Reading.");
    expect(first).toBe("fc-1");
    expect(second).toBe("call-1-1");
    expect(server.requests[1]?.body).toMatchObject({
      contents: [
        {},
        { role: "model", parts },
        {
          parts: [
            { functionResponse: { id: "fc-1", name: "read_file" } },
            { functionResponse: { name: "read_file", response: { output: "content b" } } },
          ],
        },
      ],
    });
    expect(JSON.stringify(server.requests[1]?.body)).not.toContain("call-1-1");
  });
});

describe("what Gemini answers", () => {
  it("joins the words of a stream and keeps nothing beside them", async () => {
    await using server = await serving(
      events(part({ text: "Hel" }), part({ text: "lo" }), part({ text: "!" }), END),
    );

    const reply = await (await ask(server)).reply;

    expect(reply).toMatchObject({ text: "Hello!", stop: "end" });
    expect(reply.vendor).toBeUndefined();
  });

  it.each([
    ["SAFETY", "model.refused"],
    ["RECITATION", "model.refused"],
    ["PROHIBITED_CONTENT", "model.refused"],
    ["MODEL_ARMOR", "model.refused"],
    ["MALFORMED_FUNCTION_CALL", "model.malformed"],
    ["UNEXPECTED_TOOL_CALL", "model.malformed"],
    ["TOO_MANY_TOOL_CALLS", "model.malformed"],
    ["A_NEW_ONE", "model.malformed"],
    ["MISSING_THOUGHT_SIGNATURE", "model.bad-request"],
  ])("that ends with %s is %s", async (finishReason, code) => {
    await using server = await serving(
      events({ candidates: [{ finishReason, finishMessage: "Because." }] }),
    );

    const { reply } = await ask(server);

    await expect(reply).rejects.toMatchObject({
      code,
      message: expect.stringContaining("Because."),
    });
  });

  it("has more to come where it ends to be continued, and is not asked for it", async () => {
    await using server = await serving(
      events(part({ text: "half" }), { candidates: [{ finishReason: "CONTINUATION" }] }),
    );

    expect(await (await ask(server)).reply).toMatchObject({ text: "half", stop: "length" });
    expect(server.requests).toHaveLength(1);
  });

  it("is a refusal where the prompt is blocked", async () => {
    await using server = await serving(events({ promptFeedback: { blockReason: "JAILBREAK" } }));

    const { reply } = await ask(server);

    await expect(reply).rejects.toMatchObject({
      code: "model.refused",
      message: expect.stringContaining("JAILBREAK"),
    });
  });

  it("is malformed where a call has no name", async () => {
    await using server = await serving(events(part({ functionCall: { args: {} } }), END));

    await expect((await ask(server)).reply).rejects.toMatchObject({ code: "model.malformed" });
  });

  it.each([
    [{ promptTokenCount: 10, toolUsePromptTokenCount: 5, cachedContentTokenCount: 4 }, 11, 4, 0],
    [{ promptTokenCount: 10, cachedContentTokenCount: 40, candidatesTokenCount: null }, 0, 40, 0],
    [{ promptTokenCount: -1, candidatesTokenCount: 2.5, thoughtsTokenCount: "x" }, 0, 0, 2],
    ["nonsense", 0, 0, 0],
  ])("has %j counted", async (usageMetadata, ...[input, cachedInput, output]) => {
    await using server = await serving(events({ ...END, usageMetadata }));

    const { usage } = await (await ask(server)).reply;

    expect(usage).toMatchObject({ calls: 1, input, cachedInput, output });
  });
});

describe("how Gemini says no", () => {
  function refusal(error: object): WireTurn {
    return { status: 429, body: { error: { code: 429, status: "RESOURCE_EXHAUSTED", ...error } } };
  }
  const quota = (...quotaIds: string[]) => ({
    "@type": "type.googleapis.com/google.rpc.QuotaFailure",
    violations: quotaIds.map((quotaId) => ({ quotaId })),
  });
  const retry = { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "31.4s" };
  const message = "You exceeded your current quota, please check your plan and billing details.";

  it("waits as long as its answer says", async () => {
    await using server = await serving(
      refusal({ message, details: [quota("RequestsPerMinute", "RequestsPerDay"), retry] }),
    );

    const { reply, waits } = await ask(server, { tries: 2 });

    await expect(reply).rejects.toMatchObject({ code: "model.rate-limited", retryAfterMs: 31_400 });
    expect(waits).toEqual([31_400]);
  });

  it.each<[string, object]>([
    ["the day's quota", { message, details: [quota("GenerateRequestsPerDay-FreeTier"), retry] }],
    ["no quota at all", { message: `${message} limit: 0, model: gemini`, details: [retry] }],
    ["used up credits", { message: "Your prepayment credits are depleted." }],
    ["a cap", { message: "Your project has exceeded its monthly spending cap." }],
    [
      "no billing",
      { message: "No.", details: [{ "@type": "ErrorInfo", reason: "BILLING_DISABLED" }] },
    ],
  ])("does not wait for %s", async (_, error) => {
    await using server = await serving(refusal(error));

    const { reply } = await ask(server, { tries: 3 });

    await expect(reply).rejects.toMatchObject({ code: "model.spend-limit", retryable: false });
    expect(server.requests).toHaveLength(1);
  });

  it("knows a bad key by its words too", async () => {
    await using server = await serving({
      status: 400,
      body: { error: { code: 400, message: "API key expired. Please renew it.", status: "X" } },
    });

    await expect((await ask(server)).reply).rejects.toMatchObject({ code: "model.auth" });
  });
});

describe("Gemini's environment", () => {
  const before = { ...process.env };
  beforeEach(() => {
    process.env = { ...before };
  });
  afterEach(() => {
    process.env = before;
  });

  it("changes neither the address nor the version nor the service", async () => {
    await using server = await serving({ say: { text: "ok" } });
    await using elsewhere = await serving({ say: { text: "stolen" } });
    Object.assign(process.env, {
      GOOGLE_GEMINI_BASE_URL: elsewhere.url,
      GOOGLE_VERTEX_BASE_URL: elsewhere.url,
      GOOGLE_GENAI_API_VERSION: "v9stray",
      GOOGLE_GENAI_USE_ENTERPRISE: "true",
      GOOGLE_APPLICATION_CREDENTIALS: "/stray.json",
    });
    const given = process.env;

    expect(await (await ask(server)).reply).toMatchObject({ text: "ok" });

    expect(server.mistakes).toEqual([]);
    expect(elsewhere.requests).toEqual([]);
    expect(process.env).toBe(given);
  });

  it.each(["models/../other", "gemini?x", "gemini&x", ""])("refuses the name %j", (model) => {
    expect(() => openGemini({ model, apiKey: KEY })).toThrow(
      expect.objectContaining({ code: "config.invalid" }),
    );
  });

  it.each(["", "two words"])("refuses the key %j", (apiKey) => {
    expect(() => openGemini({ model: "gemini-3-flash", apiKey })).toThrow(
      expect.objectContaining({ code: "config.invalid" }),
    );
  });
});
