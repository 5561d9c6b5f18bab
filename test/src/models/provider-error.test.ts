import { describe, expect, it } from "vitest";
import { NexusError } from "../../../src/core/errors.ts";
import type { Script, Turn } from "../../world/model/script.ts";
import { startScriptedModel } from "../../world/model/scripted-model.ts";
import { asking, KEY, modelAt, patience, withoutStreaming } from "./asking.ts";

const ways = [
  { way: "a vendor that streams", as: (script: Script) => script },
  { way: "a vendor that does not stream", as: withoutStreaming },
];

const error = (message: string, rest: object = {}) => ({ error: { message, ...rest } });

const byStatus: readonly [name: string, code: string, retryable: boolean, turn: Turn][] = [
  ["401", "model.auth", false, { status: 401 }],
  ["403", "model.auth", false, { status: 403, body: error("Country not supported") }],
  [
    "403 with moderation",
    "model.refused",
    false,
    { status: 403, body: error("Your input was flagged", { code: 403 }) },
  ],
  [
    "402",
    "model.spend-limit",
    false,
    { status: 402, body: error("Insufficient credits", { code: 402 }) },
  ],
  [
    "429 out of quota",
    "model.spend-limit",
    false,
    {
      status: 429,
      headers: { "retry-after": "1" },
      body: error("You exceeded your current quota", {
        type: "insufficient_quota",
        code: "insufficient_quota",
      }),
    },
  ],
  [
    "429 out of quota at Kimi",
    "model.spend-limit",
    false,
    { status: 429, body: error("suspended", { type: "exceeded_current_quota_error" }) },
  ],
  [
    "429 out of credit in words only",
    "model.spend-limit",
    false,
    { status: 429, body: error("Your account has insufficient balance") },
  ],
  [
    "400 out of credit in words only",
    "model.spend-limit",
    false,
    { status: 400, body: error("Your credit balance is too low") },
  ],
  [
    "429 with words of credit and a time",
    "model.rate-limited",
    true,
    {
      status: 429,
      headers: { "retry-after": "1" },
      body: error("insufficient credits in this minute"),
    },
  ],
  ["429", "model.rate-limited", true, { status: 429 }],
  [
    "429 that means overload",
    "model.overloaded",
    true,
    { status: 429, body: error("busy", { type: "engine_overloaded_error" }) },
  ],
  ["503", "model.overloaded", true, { status: 503 }],
  [
    "529",
    "model.overloaded",
    true,
    { status: 529, body: error("Overloaded", { type: "overloaded_error" }) },
  ],
  ["500", "model.overloaded", true, { status: 500 }],
  ["502 from a proxy", "model.overloaded", true, { status: 502, body: "<html>bad gateway</html>" }],
  ["409", "model.overloaded", true, { status: 409 }],
  ["408", "model.timeout", true, { status: 408 }],
  ["504", "model.timeout", true, { status: 504, body: "" }],
  [
    "400 too long",
    "model.context-too-long",
    false,
    {
      status: 400,
      body: error("This model's maximum context length is 8192 tokens.", {
        code: "context_length_exceeded",
      }),
    },
  ],
  [
    "400 too long at Kimi",
    "model.context-too-long",
    false,
    { status: 400, body: error("Invalid request: Your request exceeded model token limit: 8192") },
  ],
  [
    "400 too long behind OpenRouter",
    "model.context-too-long",
    false,
    {
      status: 400,
      body: error("Provider returned error", {
        code: 400,
        metadata: { raw: "prompt is too long: 9 tokens" },
      }),
    },
  ],
  [
    "400 too long without an error object",
    "model.context-too-long",
    false,
    { status: 400, body: { object: "error", message: "maximum context length is 8192" } },
  ],
  ["413", "model.context-too-long", false, { status: 413, body: "" }],
  [
    "400 filtered",
    "model.refused",
    false,
    { status: 400, body: error("high risk", { type: "content_filter" }) },
  ],
  [
    "400 against the policy",
    "model.refused",
    false,
    { status: 400, body: error("no", { code: "content_policy_violation" }) },
  ],
  ["400", "model.bad-request", false, { status: 400, body: error("Invalid value: 'foo'.") }],
  ["400 without a body", "model.bad-request", false, { status: 400, body: "" }],
  [
    "404",
    "model.missing",
    false,
    { status: 404, body: error("The model does not exist", { code: "model_not_found" }) },
  ],
  ["418", "model.bad-request", false, { status: 418, body: "[]" }],
];

const inBody: readonly [name: string, code: string, body: unknown][] = [
  ["a status as number", "model.rate-limited", error("slow down", { code: 429 })],
  ["a status as text", "model.overloaded", error("down", { code: "502" })],
  ["a code", "model.auth", error("no", { code: "invalid_api_key" })],
  [
    "a type",
    "model.overloaded",
    { type: "error", error: { type: "overloaded_error", message: "busy" } },
  ],
  ["a quota", "model.spend-limit", error("pay", { code: "insufficient_quota" })],
  ["a bad request", "model.bad-request", error("bad", { type: "invalid_request_error" })],
  ["too long a prompt", "model.context-too-long", error("prompt is too long", { code: 400 })],
  ["words only", "model.overloaded", error("Something went wrong")],
  ["one word", "model.overloaded", { error: "boom" }],
  [
    "an error in a choice",
    "model.rate-limited",
    { choices: [{ finish_reason: "error", error: { code: 429, message: "upstream" } }] },
  ],
];

const malformed: readonly [name: string, raw: string][] = [
  ["nothing", ""],
  ["a page", "<!doctype html><title>Welcome</title>"],
  ["no choices", "{}"],
  ["empty choices", '{"choices":[]}'],
  ["choices of another kind", '{"choices":"many"}'],
  ["a number", "7"],
  ["null", "null"],
  [
    "a call without a name",
    '{"choices":[{"message":{"tool_calls":[{"id":"a","function":{"arguments":"{}"}}]},"delta":{},"finish_reason":"stop"}]}',
  ],
];

async function failure(script: Script): Promise<{ thrown: unknown; asked: number }> {
  await using server = await startScriptedModel(script);
  const { model } = modelAt(server.url, { maxTries: 2 });
  const thrown: unknown = await model
    .reply(asking(), patience())
    .catch((reason: unknown) => reason);
  return { thrown, asked: server.requests.length };
}

describe.each(ways)("$way", ({ way, as }) => {
  const learning = way === "a vendor that streams" ? 0 : 1;
  const sse = (body: string) => `: comment\n\ndata: ${body}\n\ndata: [DONE]\n\n`;
  const asBody = (body: string) => (learning === 0 ? sse(body) : body);

  it.each(byStatus)("answers %s: %s, retryable %s", async (...[, code, retryable, turn]) => {
    const { thrown, asked } = await failure(as(() => turn));

    expect(thrown).toBeInstanceOf(NexusError);
    expect(thrown).toMatchObject({ code, retryable });
    expect(asked).toBe((retryable ? 2 : 1) + learning);
  });

  it.each(inBody)("answers 200 and names %s in it: %s", async (_, code, body) => {
    const raw = asBody(JSON.stringify(body));

    const { thrown } = await failure(as(() => ({ raw })));

    expect(thrown).toBeInstanceOf(NexusError);
    expect(thrown).toMatchObject({ code });
  });

  it.each(malformed)("answers 200 and sends %s", async (_, body) => {
    const raw = body === "" || body.startsWith("<") ? body : asBody(body);

    const { thrown } = await failure(as(() => ({ raw })));

    expect(thrown).toBeInstanceOf(NexusError);
    expect(thrown).toMatchObject({ code: "model.malformed", retryable: true });
  });

  it.each<[string, Turn]>([
    ["a refusal", { refusal: "I cannot help with that." }],
    ["a filtered answer", { text: "Here is", finish: "content_filter" }],
  ])("gives %s, which is not tried again", async (_, turn) => {
    const { thrown, asked } = await failure(as(() => turn));

    expect(thrown).toMatchObject({ code: "model.refused", retryable: false });
    expect(asked).toBe(1 + learning);
  });

  it("breaks the connection in the middle of an answer", async () => {
    const { thrown, asked } = await failure(as(() => ({ cut: true })));

    expect(thrown).toMatchObject({ code: "model.unreachable", retryable: true });
    expect(asked).toBe(2 + learning);
  });

  it.each<[string, (key: string) => Turn]>([
    ["an error", (key) => ({ status: 401, body: error(`Incorrect API key provided: ${key}.`) })],
    ["a long error", (key) => ({ status: 400, body: error(`${"x".repeat(560)} ${key}${key}`) })],
    [
      "an error with hidden characters",
      (key) => ({ status: 400, body: error(key.split("").join("\u200b")) }),
    ],
    ["a page", (key) => ({ raw: `<p>${key}</p>`, type: "text/html" })],
    ["an error in a body", (key) => ({ raw: asBody(JSON.stringify(error(key, { code: 400 }))) })],
  ])("quotes the key in %s and is not quoted", async (_, quoting) => {
    const { thrown } = await failure(as(() => quoting(KEY)));

    const shown =
      thrown instanceof NexusError ? `${thrown.message} ${thrown.hint} ${thrown.stack}` : "";
    expect(shown).toContain("NexusError");
    expect(shown).not.toContain(KEY.slice(0, 8));
    expect(thrown).toMatchObject({ cause: undefined });
  });
});

it("takes a stream that ends without an end for a broken connection", async () => {
  const raw = 'data: {"choices":[{"delta":{"content":"half of"},"finish_reason":null}]}\n\n';

  const { thrown } = await failure(() => ({ raw }));

  expect(thrown).toMatchObject({ code: "model.unreachable", retryable: true });
});

it("takes a chunk that is no JSON for malformed", async () => {
  const { thrown } = await failure(() => ({ raw: 'data: {"choices":[{"del\n\n' }));

  expect(thrown).toMatchObject({ code: "model.malformed" });
});

it("says where nobody listens", async () => {
  const server = await startScriptedModel(() => ({ text: "ok" }));
  await server[Symbol.asyncDispose]();
  const { model, waits } = modelAt(server.url, { maxTries: 3 });

  const reply = model.reply(asking(), patience());

  await expect(reply).rejects.toMatchObject({ code: "model.unreachable", retryable: true });
  await expect(reply).rejects.toThrow("ECONNREFUSED");
  expect(waits).toHaveLength(2);
});

it("shows a vendor's text without what a person cannot see, and not all of a long one", async () => {
  const { thrown } = await failure(() => ({
    status: 400,
    body: error(`bad\u202e\u0007 value ${"x".repeat(5000)}`),
  }));

  const message = thrown instanceof NexusError ? thrown.message : "";
  expect(message).toContain("bad value");
  expect(message.length).toBeLessThanOrEqual(600);
});
