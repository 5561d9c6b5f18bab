import { expect, it } from "vitest";
import { knownDialect, presetOf } from "../../../src/models/presets.ts";

it("knows the address of each vendor", () => {
  const names = ["openai", "openrouter", "kimi", "opencode", "anthropic"] as const;

  expect(names.map((name) => presetOf(name).url)).toEqual([
    "https://api.openai.com/v1",
    "https://openrouter.ai/api/v1",
    "https://api.moonshot.ai/v1",
    "https://opencode.ai/zen/v1",
    "https://api.anthropic.com",
  ]);
});

it("tells OpenRouter who calls", () => {
  expect(presetOf("openrouter").headers).toEqual({ "X-Title": "Nexus" });
});

it.each([
  ["openrouter", "anthropic/claude-sonnet-5", { cacheMarks: true, tellsCost: true }],
  ["openrouter", "openai/gpt-5.6", { cacheMarks: false, tellsCost: true }],
  ["kimi", "kimi-k3", { cacheKeys: true }],
  ["openai-chat", "gpt-5.6", { cacheKeys: true }],
  ["local", "qwen", { cacheKeys: false }],
])("knows how %s lets %s cache", (vendor, model, expected) => {
  expect(knownDialect(vendor, model)).toEqual(expected);
});
