import { expect, it } from "vitest";
import {
  type ModelSettings,
  openModel,
  type ProviderName,
} from "../../../src/models/open-model.ts";
import { anthropicWire } from "../../world/model/anthropic-wire.ts";
import { geminiWire } from "../../world/model/gemini-wire.ts";
import { openAiChatWire } from "../../world/model/openai-chat-wire.ts";
import { openAiResponsesWire } from "../../world/model/openai-responses-wire.ts";
import type { Wire } from "../../world/model/wire.ts";
import { startWireServer } from "../../world/model/wire-server.ts";
import { asking, KEY, patience } from "./asking.ts";

it.each<[ProviderName, string, Wire, string]>([
  ["openai", "gpt-5.6", openAiResponsesWire, "/v1"],
  ["openai-chat", "gpt-5.6", openAiChatWire, "/v1/"],
  ["openrouter", "openai/gpt-5.6", openAiChatWire, "/v1"],
  ["kimi", "kimi-k3", openAiChatWire, "/v1"],
  ["local", "qwen", openAiChatWire, "/v1"],
  ["anthropic", "claude-opus-5", anthropicWire, "/"],
  ["gemini", "gemini-3-pro", geminiWire, "/"],
  ["opencode", "gpt-5.6", openAiResponsesWire, "/v1"],
  ["opencode", "claude-opus-5", anthropicWire, "/v1"],
  ["opencode", "gemini-3-pro", geminiWire, "/v1"],
  ["opencode", "gptish", openAiChatWire, "/v1"],
  ["opencode", "big-pickle", openAiChatWire, "/v1"],
])("%s speaks to %s on its wire", async (...[provider, model, wire, path]) => {
  await using server = await startWireServer(wire, () => ({ say: { text: "hello" } }));
  const opened = openModel({
    provider,
    model,
    apiKey: KEY,
    baseUrl: `${server.url}${path}`,
    timeoutMs: 60_000,
  });

  const reply = await opened.reply(asking({ cacheKey: "repo-1" }), patience());

  expect(reply.text).toBe("hello");
  expect(server.mistakes).toEqual([]);
});

it("marks for Claude behind OpenRouter what is worth caching", async () => {
  await using server = await startWireServer({ ...openAiChatWire, mistakes: () => [] }, () => ({
    say: { text: "hello" },
  }));
  const model = openModel({
    provider: "openrouter",
    model: "anthropic/claude-sonnet-5",
    apiKey: KEY,
    baseUrl: server.url,
    timeoutMs: 60_000,
  });

  await model.reply(asking(), patience());

  const marked = (text: string) => [{ type: "text", text, cache_control: { type: "ephemeral" } }];
  expect(server.requests[0]?.body).toMatchObject({
    messages: [
      { role: "system", content: marked("You are terse.") },
      { role: "user", content: marked("Say hello.") },
    ],
  });
});

it("needs no key for a server of one's own", async () => {
  await using server = await startWireServer(openAiChatWire, () => ({ say: { text: "hello" } }));
  const url = `${server.url}/v1`;
  const model = openModel({ provider: "local", model: "qwen", baseUrl: url, timeoutMs: 60_000 });

  const reply = await model.reply(asking(), patience());

  expect(reply.text).toBe("hello");
});

const PROVIDERS: readonly ProviderName[] = [
  "openai",
  "openai-chat",
  "openrouter",
  "kimi",
  "opencode",
  "local",
  "anthropic",
  "gemini",
];
const BAD: readonly Partial<ModelSettings>[] = [
  { baseUrl: "not a url" },
  { baseUrl: "ftp://models.example/v1" },
  { baseUrl: "https://user:secret@models.example/v1" },
  { baseUrl: "file:///etc/passwd" },
  { apiKey: `${KEY}\n` },
  { apiKey: "key with blanks" },
  { apiKey: "schlüssel" },
  { model: "" },
  { model: "a model" },
  { model: "model\n" },
  { maxOutputTokens: 0 },
  { maxOutputTokens: 1.5 },
  { maxOutputTokens: Number.NaN },
  { timeoutMs: 0 },
  { timeoutMs: Number.POSITIVE_INFINITY },
  { timeoutMs: 2 ** 31 },
  { idleMs: -1 },
  { maxTries: 0 },
  { maxWaitMs: -1 },
];

it.each(PROVIDERS.flatMap((provider) => BAD.map((bad) => [provider, bad] as const)))(
  "refuses bad settings of %s at once, without showing them: %j",
  (provider, bad) => {
    const usual = {
      baseUrl: "https://models.example/v1",
      apiKey: KEY,
      model: "m",
      timeoutMs: 1000,
    };

    const open = () => openModel({ provider, ...usual, ...bad });

    expect(open).toThrow(expect.objectContaining({ code: "config.invalid" }));
    expect(open).not.toThrow(/secret|sk-test|schlüssel|passwd/);
  },
);

it.each(PROVIDERS.filter((provider) => provider !== "local"))("needs a key for %s", (provider) => {
  const open = () => openModel({ provider, model: "m", timeoutMs: 1000 });

  expect(open).toThrow(expect.objectContaining({ code: "config.invalid" }));
});

it("needs an address for a server of one's own", () => {
  const open = () => openModel({ provider: "local", model: "m", timeoutMs: 1000 });

  expect(open).toThrow(expect.objectContaining({ code: "config.invalid" }));
});

it.each(PROVIDERS.filter((provider) => provider !== "local"))("knows the address of %s", (name) => {
  const model = openModel({ provider: name, model: "m", apiKey: KEY, timeoutMs: 1000 });

  expect(model.name).toBe("m");
});
