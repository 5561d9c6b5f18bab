import { describe, expect, it } from "vitest";
import { z } from "zod";
import { claudeError, claudeStream } from "../../../world/model/claude-stream.ts";
import { claudeForEachTest, TOKEN } from "./claude-world.ts";

const { ask } = claudeForEachTest();

describe("how Claude Code says no", () => {
  const inAnHour = Math.floor(Date.now() / 1000) + 3600;

  it.each<[string, string | undefined, string]>([
    ["Invalid API key · Please run /login", undefined, "model.auth"],
    ["API Error: 401 {}", "authentication_failed", "model.auth"],
    ["Credit balance is too low", "billing_error", "model.spend-limit"],
    [`Claude AI usage limit reached|${inAnHour}`, undefined, "model.rate-limited"],
    ["You've hit your weekly limit · resets Monday", undefined, "model.spend-limit"],
    ["API Error: 429 Too many requests", "rate_limit", "model.rate-limited"],
    ["API Error: Repeated 529 Overloaded errors", "overloaded", "model.overloaded"],
    ["API Error (500 api_error)", undefined, "model.overloaded"],
    ["Prompt is too long", undefined, "model.context-too-long"],
    ["There's an issue with the selected model", "model_not_found", "model.missing"],
    ["API Error: 400 bad", undefined, "model.bad-request"],
  ])("%s (%s) is %s", async (text, error, code) => {
    const { reply } = await ask({ lines: claudeError(text, error), exitCode: 1 });

    await expect(reply).rejects.toMatchObject({ name: "NexusError", code });
  });

  it("says how long its plan is used up", async () => {
    const lines = claudeError(`Claude AI usage limit reached|${inAnHour}`);

    const error: unknown = await (await ask({ lines })).reply.catch((reason: unknown) => reason);

    const { retryAfterMs } = z.object({ retryAfterMs: z.number() }).parse(error);
    expect(retryAfterMs).toBeGreaterThan(3_000_000);
    expect(retryAfterMs).toBeLessThanOrEqual(3_600_000);
  });

  it.each([
    [{ subtype: "error_max_budget_usd", is_error: true }, "model.spend-limit", 12_346],
    [
      { subtype: "error_max_budget_usd", is_error: true, total_cost_usd: null },
      "model.spend-limit",
      "unknown",
    ],
    [{ subtype: "error_max_turns", is_error: true }, "model.malformed", 12_346],
    [
      { subtype: "error_during_execution", is_error: true, errors: ["x"] },
      "model.overloaded",
      12_346,
    ],
    [
      { is_error: true, result: "API Error: 429 x", total_cost_usd: 0.5 },
      "model.rate-limited",
      500_000,
    ],
    [
      { is_error: true, result: "API Error: 429 x", total_cost_usd: 1e300 },
      "model.rate-limited",
      undefined,
    ],
    [{ stop_reason: "refusal" }, "model.refused", 12_346],
    [{ stop_reason: "model_context_window_exceeded" }, "model.context-too-long", 12_346],
    [
      { stop_reason: "model_context_window_exceeded", total_cost_usd: -1 },
      "model.context-too-long",
      "unknown",
    ],
  ])("a result with %j is %s", async (...[result, code, charged]) => {
    const { reply } = await ask({ lines: claudeStream("", { result }) });

    await expect(reply).rejects.toMatchObject({ code, charged });
  });

  it("does not tell its token", async () => {
    const lines = claudeError(`API Error: 401 ${TOKEN}`);

    const { reply } = await ask({ lines });

    await expect(reply).rejects.toMatchObject({ message: expect.not.stringContaining(TOKEN) });
  });
});
