import OpenAI, { APIConnectionError, APIUserAbortError } from "openai";
import { describe, expect, it } from "vitest";
import type { ScriptedRequest } from "./script.ts";
import { startScriptedModel } from "./scripted-model.ts";
import { sequence } from "./scripts.ts";

/** OpenAI's own client, as the judge of the wire format. */
function clientOf(url: string): OpenAI {
  return new OpenAI({ baseURL: url, apiKey: "sk-any", maxRetries: 0, logLevel: "off" });
}

function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/chat/completions`, {
    method: "POST",
    headers: { authorization: "Bearer sk-any", "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

const user = { role: "user" as const, content: "Hello" };
const tool = {
  type: "function" as const,
  function: { name: "look", description: "Looks.", parameters: { type: "object", properties: {} } },
};
const base = { model: "m", messages: [user] };
const text = `Ünï "quoted" \\ 👩‍👩‍👧 ${"行".repeat(50)}`;
const input = { path: text };
const usage = { prompt_tokens: 11, completion_tokens: 5, total_tokens: 16 };

describe("an answer", () => {
  it("is read whole by OpenAI's client in one body", async () => {
    await using server = await startScriptedModel(() => ({
      text,
      calls: [{ name: "look", input, id: "c1" }],
      usage,
    }));

    const answer = await clientOf(server.url).chat.completions.create({ ...base, tools: [tool] });

    expect(answer).toMatchObject({
      object: "chat.completion",
      model: "m",
      usage,
      choices: [
        {
          finish_reason: "tool_calls",
          message: {
            role: "assistant",
            content: text,
            tool_calls: [
              { id: "c1", function: { name: "look", arguments: JSON.stringify(input) } },
            ],
          },
        },
      ],
    });
    expect(server.violations).toEqual([]);
  });

  it("is read whole by OpenAI's client from a stream", async () => {
    await using server = await startScriptedModel(() => ({
      text,
      calls: [{ name: "look", input }, { name: "look" }],
      usage,
    }));

    const answer = await clientOf(server.url)
      .chat.completions.stream({ ...base, tools: [tool], stream_options: { include_usage: true } })
      .finalChatCompletion();

    expect(answer.choices[0]).toMatchObject({ finish_reason: "tool_calls" });
    expect(answer.choices[0]?.message.content).toBe(text);
    expect(answer.choices[0]?.message.tool_calls).toMatchObject([
      { id: "call_0_0", function: { name: "look", arguments: JSON.stringify(input) } },
      { id: "call_0_1", function: { name: "look", arguments: "{}" } },
    ]);
    expect(answer.usage).toMatchObject(usage);
  });

  it("is streamed in pieces that cut words, escapes and characters", async () => {
    await using server = await startScriptedModel(() => ({ text }));

    const response = await post(server.url, { ...base, stream: true });

    const sizes: number[] = [];
    let whole = "";
    const decoder = new TextDecoder("utf-8", { fatal: true });
    for await (const bytes of response.body ?? []) {
      sizes.push(bytes.length);
      whole += decoder.decode(bytes, { stream: true });
    }
    expect(sizes.length).toBeGreaterThan(5);
    expect(whole.match(/^data: /gm)?.length).toBeGreaterThan(8);
    expect(whole.endsWith("data: [DONE]\n\n")).toBe(true);
    expect(response.headers.get("content-type")).toContain("text/event-stream");
  });

  it.each([
    { options: undefined, usages: 0 },
    { options: { include_usage: false }, usages: 0 },
    { options: { include_usage: true }, usages: 1 },
  ])("tells the usage of a stream only when asked: $options", async ({ options, usages }) => {
    await using server = await startScriptedModel(() => ({ text: "hi", usage }));

    const response = await post(server.url, { ...base, stream: true, stream_options: options });

    expect((await response.text()).match(/"usage":\{/g) ?? []).toHaveLength(usages);
  });

  it("counts tokens by itself unless told otherwise", async () => {
    await using server = await startScriptedModel(sequence([{ text: "hi" }, { usage: null }]));

    const counted = await clientOf(server.url).chat.completions.create(base);
    const silent = await clientOf(server.url).chat.completions.create(base);

    expect(counted.usage?.prompt_tokens).toBeGreaterThan(0);
    expect(silent.usage).toBeUndefined();
  });

  it("may break off, refuse, think and come late", async () => {
    await using server = await startScriptedModel(
      sequence([
        { text: "hal", finish: "length" },
        { refusal: "No." },
        { text: "ok", reasoning: "Hm.", delayMs: 1 },
      ]),
    );

    const answers = [];
    for (let n = 0; n < 3; n += 1) {
      answers.push((await clientOf(server.url).chat.completions.create(base)).choices[0]);
    }

    expect(answers).toMatchObject([
      { finish_reason: "length", message: { content: "hal" } },
      { finish_reason: "stop", message: { content: null, refusal: "No." } },
      { message: { content: "ok", reasoning_content: "Hm." } },
    ]);
  });
});

describe("trouble", () => {
  it("has the status, headers and body the script gives", async () => {
    await using server = await startScriptedModel(() => ({
      status: 429,
      headers: { "retry-after": "7" },
    }));

    const response = await post(server.url, base);

    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("7");
    expect(await response.json()).toMatchObject({ error: { code: "rate_limit_exceeded" } });
  });

  it.each([true, false])("cuts the connection in the middle, streaming %s", async (stream) => {
    await using server = await startScriptedModel(() => ({ cut: true }));

    const response = await post(server.url, { ...base, stream });

    await expect(response.text()).rejects.toThrow("terminated");
  });

  it("sends raw text as it is", async () => {
    await using server = await startScriptedModel(() => ({ raw: "{oops", type: "text/plain" }));

    const response = await post(server.url, base);

    expect(response.headers.get("content-type")).toBe("text/plain");
    expect(await response.text()).toBe("{oops");
  });

  it("hangs until the client goes", async () => {
    const stop = new AbortController();
    await using server = await startScriptedModel(() => {
      stop.abort();
      return { hang: true };
    });

    const answer = clientOf(server.url).chat.completions.create(base, { signal: stop.signal });

    await expect(answer).rejects.toBeInstanceOf(APIUserAbortError);
  });

  it("hangs no longer than the server lives", async () => {
    const asked = Promise.withResolvers<void>();
    const server = await startScriptedModel(() => {
      asked.resolve();
      return { hang: true };
    });
    const answer = clientOf(server.url).chat.completions.create(base);
    const ended = expect(answer).rejects.toBeInstanceOf(APIConnectionError);
    await asked.promise;

    await server[Symbol.asyncDispose]();

    await ended;
    await server[Symbol.asyncDispose]();
  });

  it("does not keep the server waiting for a late answer", async () => {
    const asked = Promise.withResolvers<void>();
    const server = await startScriptedModel(() => {
      asked.resolve();
      return { text: "late", delayMs: 3_600_000 };
    });
    const answer = clientOf(server.url).chat.completions.create(base);
    const ended = expect(answer).rejects.toBeInstanceOf(APIConnectionError);
    await asked.promise;

    await server[Symbol.asyncDispose]();

    await ended;
    expect(server.violations).toEqual([]);
  });
});

const call = (id: string) => ({
  id,
  type: "function",
  function: { name: "look", arguments: "{}" },
});
const assistant = (...ids: string[]) => ({
  role: "assistant",
  content: null,
  tool_calls: ids.map(call),
});
const result = (id: string) => ({ role: "tool", tool_call_id: id, content: "seen" });

describe("what OpenAI would refuse", () => {
  it.each<[string, unknown]>([
    ["no JSON", "{"],
    ["no object", [1]],
    ["no model", { messages: [user] }],
    ["no messages", { model: "m", messages: [] }],
    ["an unknown role", { model: "m", messages: [{ role: "robot", content: "x" }] }],
    ["content of another kind", { model: "m", messages: [{ role: "user", content: 7 }] }],
    ["a user without content", { model: "m", messages: [{ role: "user", content: null }] }],
    ["an unknown argument", { ...base, max_words: 7 }],
    ["an unknown argument of a message", { model: "m", messages: [{ ...user, calls: [] }] }],
    ["an assistant with nothing", { model: "m", messages: [{ role: "assistant", content: null }] }],
    ["an assistant with no calls", { model: "m", messages: [{ ...assistant(), content: "x" }] }],
    [
      "a call whose arguments are no text",
      {
        model: "m",
        messages: [
          user,
          {
            role: "assistant",
            content: null,
            tool_calls: [{ ...call("a"), function: { name: "look", arguments: {} } }],
          },
          result("a"),
        ],
      },
    ],
    ["an answer to no call", { model: "m", messages: [user, result("a")] }],
    ["an answer to another call", { model: "m", messages: [user, assistant("a"), result("b")] }],
    ["an answer twice", { model: "m", messages: [user, assistant("a"), result("a"), result("a")] }],
    ["an answer too late", { model: "m", messages: [assistant("a"), user, result("a")] }],
    ["a call without answer", { model: "m", messages: [assistant("a", "b"), result("a"), user] }],
    ["a call without answer at the end", { model: "m", messages: [user, assistant("a")] }],
    ["two calls of one id", { model: "m", messages: [assistant("a", "a"), result("a")] }],
    ["empty tools", { ...base, tools: [] }],
    ["a flat tool", { ...base, tools: [{ type: "function", name: "look" }] }],
    [
      "a tool with a blank in its name",
      { ...base, tools: [{ type: "function", function: { name: "a b" } }] },
    ],
    [
      "parameters that are no object",
      {
        ...base,
        tools: [{ type: "function", function: { name: "a", parameters: { type: "string" } } }],
      },
    ],
    ["two tools of one name", { ...base, tools: [tool, tool] }],
    ["a choice without tools", { ...base, tool_choice: "auto" }],
    ["an unknown choice", { ...base, tools: [tool], tool_choice: "any" }],
    [
      "a choice of a tool not there",
      { ...base, tools: [tool], tool_choice: { type: "function", function: { name: "other" } } },
    ],
    ["stream options without a stream", { ...base, stream_options: { include_usage: true } }],
    ["both token limits", { ...base, max_tokens: 1, max_completion_tokens: 1 }],
    ["no tokens at all", { ...base, max_tokens: 0 }],
  ])("is refused and written down: %s", async (_, body) => {
    await using server = await startScriptedModel(() => ({ text: "accepted" }));

    const response = await post(server.url, body);

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { type: "invalid_request_error" } });
    expect(server.violations).toHaveLength(1);
    expect(server.requests).toHaveLength(1);
  });

  it("does not touch what is right", async () => {
    await using server = await startScriptedModel(() => ({ text: "accepted" }));
    const messages = [
      { role: "developer", content: [{ type: "text", text: "Be terse." }] },
      user,
      assistant("a", "b"),
      result("b"),
      result("a"),
      { role: "assistant", content: "So.", reasoning_content: "Hm." },
      assistant("a"),
      result("a"),
    ];
    const choice = { type: "function", function: { name: "look" } };

    const response = await post(server.url, {
      ...base,
      messages,
      tools: [tool],
      tool_choice: choice,
    });

    expect(response.status).toBe(200);
    expect(server.violations).toEqual([]);
  });

  it.each(["", "Basic abc", "Bearer "])("is a missing key: '%s'", async (authorization) => {
    await using server = await startScriptedModel(() => ({ text: "accepted" }));

    const response = await post(server.url, base, { authorization });

    expect(response.status).toBe(401);
    expect(server.violations).toHaveLength(1);
  });

  it("is any other route", async () => {
    await using server = await startScriptedModel(() => ({ text: "accepted" }));

    const response = await fetch(`${server.url}/completions`, { method: "POST" });

    expect(response.status).toBe(404);
    expect(server.violations).toEqual(["No such route: POST /v1/completions"]);
  });

  it("is not retried by mistake: a script without an answer is a violation too", async () => {
    await using server = await startScriptedModel(() => {
      throw new Error("nothing left to say");
    });

    const response = await post(server.url, base);

    expect(response.status).toBe(400);
    expect(server.violations.join()).toContain("nothing left to say");
  });
});

describe("the server", () => {
  it("lists its model", async () => {
    await using server = await startScriptedModel(() => ({}));

    const models = await clientOf(server.url).models.list();

    expect(models.data.map(({ id }) => id)).toEqual(["scripted"]);
  });

  it("listens where it is told to", async () => {
    const first = await startScriptedModel(() => ({}));
    const port = Number(new URL(first.url).port);
    await first[Symbol.asyncDispose]();

    await using second = await startScriptedModel(() => ({}), { port });

    expect(second.url).toBe(first.url);
  });

  it("shows the script who asks", async () => {
    const seen: ScriptedRequest[] = [];
    await using server = await startScriptedModel((request) => {
      seen.push(request);
      return { text: "ok" };
    });
    const messages = [
      { role: "system" as const, content: "You are a worker." },
      { role: "user" as const, content: "Work item: greet-users\nGoal: say hello" },
      { role: "assistant" as const, content: "Hm." },
      { role: "user" as const, content: "Work item: other" },
    ];

    await clientOf(server.url).chat.completions.create({ model: "m", messages, tools: [tool] });

    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ index: 0, body: { model: "m" } });
    expect(seen[0]?.agent).toEqual({
      system: "You are a worker.",
      firstUserText: "Work item: greet-users\nGoal: say hello",
      lastUserText: "Work item: other",
      tools: ["look"],
      workItem: "greet-users",
    });
  });

  it("keeps every request with its headers", async () => {
    await using server = await startScriptedModel(() => ({ text: "ok" }));

    await post(server.url, base, { "x-title": "Nexus" });
    await post(server.url, { ...base, model: "n" });

    expect(server.requests.map(({ body }) => body)).toEqual([base, { ...base, model: "n" }]);
    expect(server.requests[0]?.headers["x-title"]).toBe("Nexus");
  });
});
