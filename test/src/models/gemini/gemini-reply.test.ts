import { describe, expect, it } from "vitest";
import { ask, END, events, part, serving } from "./asking-gemini.ts";

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
