import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openGemini } from "../../../../src/models/gemini/open-gemini.ts";
import type { WireTurn } from "../../../world/model/wire-server.ts";
import { ask, KEY, serving } from "./asking-gemini.ts";

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
