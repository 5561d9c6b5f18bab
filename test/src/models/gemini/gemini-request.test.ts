import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Message } from "../../../../src/core/model.ts";
import { ask, END, events, KEY, part, readFile, serving } from "./asking-gemini.ts";

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
