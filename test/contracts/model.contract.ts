import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import type { Message, Model, ModelEvent, ModelRequest } from "../../src/core/model.ts";
import type { CallBounds } from "../../src/models/create-model.ts";
import type { Said, Trouble, Wire } from "../world/model/wire.ts";
import { startWireServer, type WireServer, type WireTurn } from "../world/model/wire-server.ts";

/** One provider to be held to the contract. */
export interface Subject {
  readonly wire: Wire;
  readonly key: string;
  /** A model of the name at a server of the wire. */
  readonly open: (at: { url: string; model: string; bounds: CallBounds }) => Model;
}

type Asking = Partial<ModelRequest> & {
  readonly signal?: AbortSignal;
  readonly bounds?: Partial<CallBounds>;
  readonly model?: string;
};

const readFile = {
  name: "read_file",
  description: "Reads one file.",
  input: z.strictObject({ path: z.string().min(1), lines: z.number().int().min(1).optional() }),
};

const question: readonly Message[] = [
  { role: "system", text: "You are terse." },
  { role: "user", text: "Say hello." },
];

const HARD_TEXT = 'Grüße 👩‍👩‍👧, "quoted" \\ and\r\nanother 行。\u2028 data: [DONE]\n\n'.repeat(9);

/** What every provider keeps, whatever its vendor speaks. */
export function modelContract(name: string, subject: Subject): void {
  const { wire, key } = subject;

  async function serving(script: WireTurn | ((index: number) => WireTurn)) {
    return await startWireServer(wire, typeof script === "function" ? script : () => script);
  }

  async function ask(server: WireServer, asking: Asking = {}) {
    const {
      signal = new AbortController().signal,
      bounds,
      model = "asked-model",
      ...given
    } = asking;
    const events: ModelEvent[] = [];
    const waits: number[] = [];
    const opened = subject.open({
      url: server.url,
      model,
      bounds: {
        timeoutMs: 60_000,
        random: () => 0.5,
        wait: async (ms) => {
          waits.push(ms);
        },
        ...bounds,
      },
    });
    const request = { messages: question, tools: [readFile], mustCall: false, ...given };
    const reply = opened.reply(request, signal, (event) => events.push(event));
    // Looked at by the test, perhaps later.
    reply.catch(() => {});
    return { reply, events, waits };
  }

  async function failure(script: WireTurn | ((index: number) => WireTurn), asking: Asking = {}) {
    await using server = await serving(script);
    const { reply, waits } = await ask(server, { bounds: { maxTries: 2, ...asking.bounds } });
    const thrown: unknown = await reply.then(
      () => new Error("It gave a reply."),
      (reason: unknown) => reason,
    );
    return { thrown, asked: server.requests.length, waits };
  }

  describe(`${name} is a Model: what it says`, () => {
    it.each([1, 7, 1_000_000])("is whole in pieces of %d bytes", async (chunkBytes) => {
      const text = HARD_TEXT.slice(0, chunkBytes * 80);
      await using server = await serving({ say: { text }, chunkBytes });

      const { reply, events } = await ask(server);

      expect(await reply).toMatchObject({ text, calls: [], stop: "end" });
      expect((await reply).servedBy).toBe("served-model");
      expect(textIn(events)).toBe(text);
      expect(server.mistakes).toEqual([]);
    });

    it.each([1, 13])(
      "has its calls whole and in order in pieces of %d bytes",
      async (chunkBytes) => {
        const calls = [
          { id: "call_one", name: "read_file", json: JSON.stringify({ path: 'a"\\👍é\n.ts' }) },
          { id: "call_two", name: "read_file", json: '{"path":"b.ts","lines":3}' },
        ];
        await using server = await serving({ say: { text: "Reading.", calls }, chunkBytes });

        const { reply, events } = await ask(server);

        const { stop, text, calls: got } = await reply;
        expect({ stop, text }).toEqual({ stop: "calls", text: "Reading." });
        expect(got.map(({ name: tool }) => tool)).toEqual(["read_file", "read_file"]);
        expect(new Set(got.map(({ id }) => id)).size).toBe(2);
        expect(got.map(({ input }) => JSON.parse(input))).toEqual(
          calls.map(({ json }) => JSON.parse(json)),
        );
        expect(events.filter(({ kind }) => kind === "call")).toHaveLength(2);
      },
    );

    it("may be ten megabytes", async () => {
      const text = "0123456789é".repeat(900_000);
      await using server = await serving({ say: { text }, chunkBytes: 65_537 });

      const { reply } = await ask(server);

      expect((await reply).text === text).toBe(true);
    });

    it("may be nothing at all", async () => {
      await using server = await serving({ say: {} });

      const { reply } = await ask(server);

      expect(await reply).toMatchObject({ text: "", calls: [], stop: "end" });
    });

    it("may run out of tokens", async () => {
      await using server = await serving({ say: { text: "cut o", finish: "length" } });

      const { reply } = await ask(server);

      expect(await reply).toMatchObject({ text: "cut o", stop: "length" });
    });

    it("is counted, each token once", async () => {
      const usage = { input: 40, cached: 60, written: 5, output: 17, reasoning: 8 };
      const counted = wire.counts.includes("written") ? usage : { ...usage, written: 0 };
      await using server = await serving({ say: { text: "hello", usage: counted } });

      const { reply } = await ask(server);

      expect((await reply).usage).toEqual({
        calls: 1,
        input: 40,
        cachedInput: 60,
        output: 17,
        ...(wire.counts.includes("written") ? { cacheWrite: 5 } : {}),
        ...(wire.counts.includes("reasoning") ? { reasoning: 8 } : {}),
      });
    });

    it("has its reasoning shown and kept out of the text", async () => {
      await using server = await serving({ say: { text: "hello", reasoning: "They greet." } });

      const { reply, events } = await ask(server);

      expect((await reply).text).toBe("hello");
      const shown = events.flatMap((event) => (event.kind === "reasoning" ? [event.text] : []));
      expect(shown.join("")).toBe("They greet.");
    });
  });

  describe(`${name} is a Model: what it is asked`, () => {
    const said: Said = {
      text: "Reading.",
      reasoning: "I need the file.",
      calls: [
        { id: "call_one", name: "read_file", json: '{"path":"a.ts"}' },
        { id: "call_two", name: "read_file", json: '{"path":"b.ts"}' },
      ],
    };

    async function historyOf(server: WireServer): Promise<Message[]> {
      const { reply } = await ask(server);
      const { text, calls, vendor } = await reply;
      const answers = calls.map(
        ({ id }, place): Message => ({ role: "tool", callId: id, text: `content ${place}` }),
      );
      return [...question, { role: "assistant", text, calls, vendor }, ...answers];
    }

    it("holds a whole round of tools, and its own reasoning untouched", async () => {
      await using server = await serving({ say: said });
      const messages = await historyOf(server);

      await (await ask(server, { messages })).reply;

      const sent = JSON.stringify(server.requests[1]?.body);
      expect(sent).toContain("content 0");
      expect(sent).toContain("content 1");
      expect(sent).toContain("I need the file.");
      expect(server.mistakes).toEqual([]);
    });

    it("survives the record: a vendor's part comes back from JSON", async () => {
      await using server = await serving({ say: said });
      const messages: Message[] = JSON.parse(JSON.stringify(await historyOf(server)));

      await (await ask(server, { messages })).reply;

      expect(JSON.stringify(server.requests[1]?.body)).toContain("I need the file.");
      expect(server.mistakes).toEqual([]);
    });

    it("holds no reasoning of another model or another address", async () => {
      await using server = await serving({ say: said });
      await using elsewhere = await serving({ say: said });
      const messages = await historyOf(server);

      await (await ask(server, { messages, model: "other-model" })).reply;
      await (await ask(elsewhere, { messages })).reply;

      const sent = [server.requests[1], elsewhere.requests[0]].map((one) => JSON.stringify(one));
      expect(sent.join()).toContain("content 0");
      expect(sent.join()).not.toContain("I need the file.");
      expect([...server.mistakes, ...elsewhere.mistakes]).toEqual([]);
    });

    it.each([
      { by: "nobody" },
      { by: "gemini generativelanguage.googleapis.com g", part: { parts: [{ text: "?" }] } },
      "words",
      null,
      42,
      { model: "asked-model", reasoning_content: "I need the file." },
    ])("holds nothing of a strange vendor's part: %j", async (vendor) => {
      await using server = await serving({ say: { text: "ok" } });
      const calls = [{ id: "toolu.strange|id:1", name: "read_file", input: '{"path":"a"}' }];
      const messages: Message[] = [
        ...question,
        { role: "assistant", text: "", calls, vendor },
        { role: "tool", callId: "toolu.strange|id:1", text: "content" },
      ];

      await (await ask(server, { messages })).reply;

      expect(server.mistakes).toEqual([]);
      expect(JSON.stringify(server.requests[0]?.body)).toContain("content");
      expect(JSON.stringify(server.requests[0]?.body)).not.toContain("I need the file.");
    });

    it("quotes broken arguments, and half a character is a whole one", async () => {
      await using server = await serving({ say: { text: "ok" } });
      const broken = ['{"path": "a', "[1]", "null", ""];
      const calls = broken.map((input, n) => ({ id: `c${n}`, name: "read_file", input }));
      const messages: Message[] = [
        ...question,
        { role: "assistant", text: "", calls },
        ...calls.map(({ id }): Message => ({ role: "tool", callId: id, text: "bad \ud83d" })),
      ];

      await (await ask(server, { messages })).reply;

      expect(server.mistakes).toEqual([]);
      expect(JSON.stringify(server.requests[0]?.body)).not.toContain("\\ud83d");
    });

    it("may have empty texts, many system texts and two users in a row", async () => {
      await using server = await serving({ say: { text: "ok" } });
      const messages: Message[] = [
        ...question,
        { role: "assistant", text: "", calls: [] },
        { role: "user", text: "" },
        { role: "system", text: "Steering." },
        { role: "user", text: "Go on." },
      ];

      await (await ask(server, { messages })).reply;

      expect(server.mistakes).toEqual([]);
      expect(JSON.stringify(server.requests[0]?.body)).toContain("Steering.");
    });

    it("is the same for the same request, byte by byte", async () => {
      await using server = await serving({ say: { text: "ok" } });
      const asking = { mustCall: true, cacheKey: "repo-1" };

      await (await ask(server, asking)).reply;
      await (await ask(server, asking)).reply;

      const [first, second] = server.requests.map(({ body }) => JSON.stringify(body));
      expect(second).toBe(first);
      expect(server.mistakes).toEqual([]);
    });

    it("may be for a shape, with or without tools, and JSON comes out of its wrapping", async () => {
      await using server = await serving({ say: { text: '```json\n{"ok":true}\n```' } });
      const output = {
        name: "verdict",
        schema: z.strictObject({
          ok: z.boolean(),
          why: z.string().min(3).max(90).optional(),
          parts: z.array(z.strictObject({ n: z.number().int().min(0) })).default([]),
        }),
      };

      const bare = await (await ask(server, { output, tools: [] })).reply;
      await (await ask(server, { output })).reply;

      expect(bare.text).toBe('{"ok":true}');
      expect(server.mistakes).toEqual([]);
      for (const { body } of server.requests) expect(JSON.stringify(body)).toContain("ok");
    });

    it("describes tools of every zod shape in a way that is taken", async () => {
      await using server = await serving({ say: { text: "ok" } });
      const shapes: Record<string, z.ZodType> = {
        none: z.strictObject({}),
        loose: z.looseObject({ a: z.record(z.string(), z.number()) }),
        either: z.union([
          z.strictObject({ kind: z.literal("a"), n: z.number() }),
          z.strictObject({ kind: z.literal("b") }),
        ]),
        changed: z.object({ n: z.string().transform(Number), d: z.date().optional() }),
        nullable: z.object({ a: z.string().nullable(), t: z.tuple([z.string(), z.number()]) }),
      };
      const tools = Object.entries(shapes).map(([tool, input]) => ({
        name: tool,
        description: "",
        input,
      }));

      await (await ask(server, { tools, mustCall: true })).reply;

      expect(server.mistakes).toEqual([]);
    });
  });

  describe(`${name} is a Model: when it fails`, () => {
    it.each<[Trouble, string, boolean]>([
      ["auth", "model.auth", false],
      ["forbidden", "model.auth", false],
      ["rate-limit", "model.rate-limited", true],
      ["overloaded", "model.overloaded", true],
      ["server-error", "model.overloaded", true],
      ["too-long", "model.context-too-long", false],
      ["spend-limit", "model.spend-limit", false],
      ["bad-request", "model.bad-request", false],
      ["no-such-model", "model.missing", false],
    ])("tells %s: %s, retryable %s", async (trouble, code, retryable) => {
      const { thrown, asked, waits } = await failure(wire.refusal(trouble, messageOf(trouble)));

      expect(thrown).toMatchObject({ name: "NexusError", code, retryable });
      expect(asked).toBe(retryable ? 2 : 1);
      if (trouble === "rate-limit") {
        expect(thrown).toMatchObject({ retryAfterMs: 7000 });
        expect(waits).toEqual([7000]);
      }
    });

    it.each<[Trouble, string]>([
      ["overloaded", "model.overloaded"],
      ["rate-limit", "model.rate-limited"],
      ["too-long", "model.context-too-long"],
      ["spend-limit", "model.spend-limit"],
    ])("tells %s in the middle of a stream: %s", async (trouble, code) => {
      const { thrown } = await failure({ raw: wire.streamed(trouble, messageOf(trouble)) });

      expect(thrown).toMatchObject({ name: "NexusError", code });
    });

    it("tries again and then gives its reply", async () => {
      await using server = await serving((index) =>
        index < 2 ? wire.refusal("overloaded", "busy") : { say: { text: "at last" } },
      );

      const { reply, waits } = await ask(server);

      expect((await reply).text).toBe("at last");
      expect(waits).toHaveLength(2);
    });

    it.each<[string, WireTurn, string]>([
      ["a page of 502", { status: 502, body: "<html>bad gateway</html>" }, "model.overloaded"],
      ["a 504 of nothing", { status: 504, body: "" }, "model.timeout"],
      ["a 413 of nothing", { status: 413, body: "" }, "model.context-too-long"],
      ["a 400 of a list", { status: 400, body: "[]" }, "model.bad-request"],
      ["a 204", { status: 204, body: "" }, "model.malformed"],
      ["an endless 400", { status: 400, endless: "no " }, "model.bad-request"],
      ["a cut", { cut: { text: HARD_TEXT } }, "model.unreachable"],
      [
        "an end before the end",
        { raw: halfOf(wire.stream({ text: HARD_TEXT })) },
        "model.unreachable",
      ],
      ["nothing", { raw: "" }, "model.malformed"],
      ["a page", { raw: "<!doctype html><title>Hi</title>", type: "text/html" }, "model.malformed"],
      ["a JSON of its own", { raw: '{"hello":1}', type: "application/json" }, "model.malformed"],
      ["no JSON", { raw: "data: {nonsense\n\n" }, "model.malformed"],
      ["a number", { raw: "data: 7\n\n" }, "model.malformed"],
      ["null", { raw: "data: null\n\n" }, "model.malformed"],
      ["empty objects", { raw: "data: {}\n\ndata: {}\n\n" }, "model.malformed"],
      ["an endless stream", { status: 200, endless: ": still thinking\n" }, "model.malformed"],
      ["an endless line", { status: 200, endless: "data: aaaaaaaaaaaaaa" }, "model.malformed"],
    ])("takes %s for %s", async (...[, turn, code]) => {
      const { thrown } = await failure(turn, { bounds: { maxTries: 1 } });

      expect(thrown).toMatchObject({ name: "NexusError", code });
    });

    it("tells a refusal, which is not tried again", async () => {
      const { thrown, asked } = await failure({ say: { text: "I cannot.", finish: "refusal" } });

      expect(thrown).toMatchObject({ code: "model.refused", retryable: false });
      expect(asked).toBe(1);
    });

    it("tells that the answer ran out of the window", async () => {
      const { thrown, asked } = await failure({ say: { text: "half", finish: "context" } });

      expect(thrown).toMatchObject({ code: "model.context-too-long", retryable: false });
      expect(asked).toBe(1);
    });

    it("tells where nobody listens", async () => {
      const server = await serving({ say: { text: "ok" } });
      await server[Symbol.asyncDispose]();

      const { reply } = await ask(server, { bounds: { maxTries: 1 } });

      await expect(reply).rejects.toMatchObject({ code: "model.unreachable", retryable: true });
    });
  });

  describe(`${name} is a Model: when it is silent or stopped`, () => {
    it.each<[string, WireTurn]>([
      ["never answers", { hang: true }],
      ["stalls", { stall: { text: HARD_TEXT } }],
    ])("counts a try that %s as lost", async (_, turn) => {
      const { thrown, asked } = await failure(turn, { bounds: { idleMs: 300, maxTries: 2 } });

      expect(thrown).toMatchObject({ code: "model.timeout", retryable: true });
      expect(asked).toBe(2);
    });

    it("ends at its deadline in the middle of a stream", async () => {
      const { thrown } = await failure(
        { stall: { text: HARD_TEXT } },
        { bounds: { timeoutMs: 300 } },
      );

      expect(thrown).toMatchObject({ code: "model.timeout" });
    });

    it("asks nobody when it was stopped before", async () => {
      await using server = await serving({ say: { text: "ok" } });

      const { reply } = await ask(server, { signal: AbortSignal.abort() });

      await expect(reply).rejects.toMatchObject({ code: "aborted", retryable: false });
      expect(server.requests).toEqual([]);
    });

    it("hangs up when it is stopped while the vendor thinks", async () => {
      const stop = new AbortController();
      const hungUp = Promise.withResolvers<void>();
      await using server = await serving(() => {
        stop.abort();
        return { hang: true, hungUp: hungUp.resolve };
      });

      const { reply } = await ask(server, { signal: stop.signal });

      await expect(reply).rejects.toMatchObject({ code: "aborted" });
      await hungUp.promise;
    });

    it("hangs up when it is stopped in the middle of a stream", async () => {
      const hungUp = Promise.withResolvers<void>();
      await using server = await serving({ stall: { text: HARD_TEXT }, hungUp: hungUp.resolve });
      const stop = new AbortController();
      const model = subject.open({
        url: server.url,
        model: "asked-model",
        bounds: { timeoutMs: 60_000 },
      });

      const reply = model.reply(
        { messages: question, tools: [], mustCall: false },
        stop.signal,
        () => stop.abort(),
      );

      await expect(reply).rejects.toMatchObject({ code: "aborted" });
      await hungUp.promise;
      expect(server.requests).toHaveLength(1);
    });
  });

  describe(`${name} is a Model: what it keeps to itself`, () => {
    const written: unknown[] = [];
    const before = { ...process.env };

    beforeEach(() => {
      written.length = 0;
      for (const way of ["log", "info", "warn", "error", "debug"] as const) {
        vi.spyOn(console, way).mockImplementation((...words: unknown[]) => written.push(words));
      }
    });
    afterEach(() => {
      vi.restoreAllMocks();
      process.env = before;
    });

    it.each<[string, (server: Wire) => WireTurn]>([
      ["an error", ({ refusal }) => refusal("auth", `Incorrect API key provided: ${key}.`)],
      ["a long error", ({ refusal }) => refusal("bad-request", `${"x".repeat(560)} ${key}${key}`)],
      [
        "an error with hidden characters",
        ({ refusal }) => refusal("bad-request", key.split("").join("\u200b")),
      ],
      ["a page", () => ({ raw: `<p>${key}</p>`, type: "application/json" })],
      ["a stream", ({ streamed }) => ({ raw: streamed("server-error", key) })],
    ])("is its key, quoted in %s", async (_, quoting) => {
      const { thrown } = await failure(quoting(wire));

      const shown = thrown instanceof Error ? `${thrown.message} ${thrown.stack}` : "";
      expect(thrown).toMatchObject({ name: "NexusError", cause: undefined });
      expect(shown).not.toContain(key.slice(0, 8));
      expect(shown.length).toBeLessThan(6000);
      expect(written).toEqual([]);
    });

    it("is everything, whatever the environment says", async () => {
      await using server = await serving({ say: { text: "ok" } });
      await using elsewhere = await serving({ say: { text: "stolen" } });
      process.env = { ...before, ...strayEnvironment(elsewhere.url) };

      const { reply } = await ask(server);

      expect((await reply).text).toBe("ok");
      expect(elsewhere.requests).toEqual([]);
      expect(JSON.stringify(server.requests)).not.toMatch(/stray/i);
      expect(server.requests[0]?.headers["user-agent"]).toBe("nexus");
      expect(written).toEqual([]);
    });

    it.each([301, 302, 307, 308])("is the prompt, redirected by %d", async (status) => {
      await using elsewhere = await serving({ say: { text: "stolen" } });
      const location = (path: string) => `${elsewhere.url}${path}`;
      await using server = await serving({
        status,
        headers: { location: location("/v1/chat/completions") },
        body: "",
      });

      const { reply } = await ask(server, { bounds: { maxTries: 1 } });

      await expect(reply).rejects.toMatchObject({ code: "model.bad-request" });
      expect(elsewhere.requests).toEqual([]);
    });

    it("is what its key opens: the key goes in headers only, and no other header tells of us", async () => {
      await using server = await serving({ say: { text: "ok" } });

      await (await ask(server)).reply;

      const [{ path, headers, body } = { path: "", headers: {}, body: "" }] = server.requests;
      expect(path).not.toContain(key);
      expect(JSON.stringify(body)).not.toContain(key);
      expect(Object.keys(headers).filter((header) => /stainless|trace/i.test(header))).toEqual([]);
    });
  });
}

function textIn(events: readonly ModelEvent[]): string {
  return events.flatMap((event) => (event.kind === "text" ? [event.text] : [])).join("");
}

/** The words by which a vendor says what its codes do not. */
function messageOf(trouble: Trouble): string {
  if (trouble === "too-long") return "prompt is too long: 210000 tokens > 200000 maximum";
  if (trouble === "spend-limit") return "Your credit balance is too low to make this request.";
  return `The vendor says ${trouble}.`;
}

/** Without half of an event at the end. */
function halfOf(stream: string): string {
  const half = stream.slice(0, stream.length / 2);
  return half.slice(0, half.lastIndexOf("\n\n") + 2);
}

function strayEnvironment(url: string): Record<string, string> {
  const names = ["OPENAI", "ANTHROPIC", "GOOGLE", "GEMINI", "GOOGLE_GENAI", "CLAUDE_CODE"];
  const each = names.flatMap((name): [string, string][] => [
    [`${name}_API_KEY`, "sk-stray"],
    [`${name}_AUTH_TOKEN`, "sk-stray"],
    [`${name}_OAUTH_TOKEN`, "sk-stray"],
    [`${name}_BASE_URL`, url],
    [`${name}_LOG`, "debug"],
    [`${name}_CUSTOM_HEADERS`, "Authorization: Bearer sk-stray\nX-Stray: stray"],
    [`${name}_PROFILE`, "stray"],
  ]);
  return {
    ...Object.fromEntries(each),
    OPENAI_ADMIN_KEY: "sk-stray-admin",
    OPENAI_ORG_ID: "org-stray",
    OPENAI_PROJECT_ID: "proj-stray",
    GOOGLE_GENAI_USE_VERTEXAI: "true",
    GOOGLE_GENAI_USE_ENTERPRISE: "true",
    GOOGLE_CLOUD_PROJECT: "stray",
    GOOGLE_CLOUD_LOCATION: "stray",
    GOOGLE_VERTEX_BASE_URL: url,
    HTTP_PROXY: url,
    HTTPS_PROXY: url,
    ALL_PROXY: url,
    http_proxy: url,
    https_proxy: url,
  };
}
