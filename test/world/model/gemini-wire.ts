import { z } from "zod";
import {
  type Refusal,
  type Said,
  slices,
  type Trouble,
  type Wire,
  type WireRequest,
} from "./wire.ts";

const Part = z
  .strictObject({
    text: z.string().optional(),
    thought: z.boolean().optional(),
    /** Bytes are taken in either alphabet. */
    thoughtSignature: z
      .string()
      .regex(/^[\w+/-]+={0,2}$/)
      .optional(),
    functionCall: z
      .strictObject({
        id: z.string().optional(),
        name: z.string().regex(/^[a-zA-Z_][\w.:-]{0,127}$/),
        args: z.record(z.string(), z.unknown()),
      })
      .optional(),
    functionResponse: z
      .strictObject({
        id: z.string().optional(),
        name: z.string().min(1),
        response: z.record(z.string(), z.unknown()),
      })
      .optional(),
  })
  .refine(
    (part) => Object.keys(part).some((key) => /^(text|function)/.test(key)),
    "Nothing in it.",
  );
type Part = z.infer<typeof Part>;

const Content = z.strictObject({ role: z.enum(["user", "model"]), parts: z.array(Part).min(1) });

const KEYWORDS = new Set(
  "$defs $ref type format title description enum items prefixItems minItems maxItems minimum maximum anyOf oneOf properties additionalProperties required".split(
    " ",
  ),
);
const Schema = z.record(z.string(), z.unknown()).superRefine((schema, context) => {
  for (const word of strangeWords(schema)) context.addIssue(`No such keyword: ${word}`);
});

const Request = z.strictObject({
  contents: z.array(Content).min(1),
  systemInstruction: z
    .strictObject({ role: z.string().optional(), parts: z.array(Part).min(1) })
    .optional(),
  tools: z
    .array(
      z.strictObject({
        functionDeclarations: z
          .array(
            z.strictObject({
              name: z.string().regex(/^[a-zA-Z_][\w.:-]{0,127}$/),
              description: z.string().min(1).optional(),
              parametersJsonSchema: z.intersection(
                Schema,
                z.looseObject({ type: z.literal("object") }),
              ),
            }),
          )
          .min(1),
      }),
    )
    .optional(),
  toolConfig: z
    .strictObject({
      functionCallingConfig: z.strictObject({ mode: z.enum(["AUTO", "ANY", "NONE"]) }),
    })
    .optional(),
  generationConfig: z
    .strictObject({
      maxOutputTokens: z.int().positive().optional(),
      responseMimeType: z.literal("application/json").optional(),
      responseJsonSchema: Schema.optional(),
      thinkingConfig: z
        .strictObject({
          includeThoughts: z.boolean(),
          thinkingLevel: z.enum(["LOW", "MEDIUM", "HIGH"]),
        })
        .optional(),
    })
    .optional(),
});

/** Where the developers' service is asked. */
const DEVELOPERS_PATH = /^\/v1\/models\/[\w.-]+:streamGenerateContent\?alt=sse$/;
/** Where the enterprise's service is asked. */
const ENTERPRISE_PATH =
  /^\/v1beta1\/projects\/[\w-]+\/locations\/[\w-]+\/publishers\/google\/models\/[\w.-]+:streamGenerateContent\?alt=sse$/;

/** Google's `streamGenerateContent`, of the developers' service. */
export const geminiWire: Wire = {
  counts: ["reasoning"],
  mistakes: (request) => [
    ...mistakesIn(request, DEVELOPERS_PATH),
    ...(/^\S+$/.test(String(request.headers["x-goog-api-key"] ?? "")) ? [] : ["No key."]),
    ...(request.headers.authorization === undefined ? [] : ["Two credentials."]),
  ],
  stream: (said) => chunksOf(said).map(event).join(""),
  refusal: (trouble, message) => refusalOf(trouble, message),
  streamed: (trouble, message) =>
    `${event(chunk([{ text: "half of" }]))}${event(refusalOf(trouble, message).body)}`,
};

/** The same for the enterprise, which takes a bearer's token. */
export const enterpriseWire: Wire = {
  ...geminiWire,
  mistakes: (request) => [
    ...mistakesIn(request, ENTERPRISE_PATH),
    ...(/^Bearer \S+$/.test(String(request.headers.authorization)) ? [] : ["No token."]),
    ...(request.headers["x-goog-api-key"] === undefined ? [] : ["Two credentials."]),
  ],
};

function mistakesIn({ path, body }: WireRequest, route: RegExp): string[] {
  if (!route.test(path)) return [`No such route: ${path}`];
  const { data, error } = Request.safeParse(body);
  if (error) return [z.prettifyError(error)];
  const { tools, generationConfig } = data;
  return [
    ...unansweredIn(data.contents),
    ...unsignedIn(data.contents),
    ...(tools && generationConfig?.responseMimeType ? ["No function calls with a mime type."] : []),
  ];
}

/** Results stand alone in the turn after their calls, as many as there are calls. */
function unansweredIn(contents: readonly z.infer<typeof Content>[]): string[] {
  return contents.flatMap(({ parts }, at) => {
    const results = parts.filter((part) => part.functionResponse);
    const before = (contents[at - 1]?.parts ?? []).flatMap(
      ({ functionCall }) => functionCall ?? [],
    );
    if (results.length === 0) return before.length === 0 ? [] : ["Calls without results."];
    if (results.length !== parts.length) return ["Results among other parts."];
    if (results.length !== before.length) return ["Not as many results as calls."];
    const names = results.map(({ functionResponse }) => functionResponse?.name);
    const ids = results.map(({ functionResponse }) => functionResponse?.id);
    const same =
      names.join() === before.map(({ name }) => name).join() &&
      ids.join() === before.map(({ id }) => id).join();
    return same ? [] : ["Results of other calls."];
  });
}

/** The first call of a turn must carry the model's signature. */
function unsignedIn(contents: readonly z.infer<typeof Content>[]): string[] {
  return contents.flatMap(({ parts }) => {
    const first = parts.find(({ functionCall }) => functionCall);
    return first && !first.thoughtSignature ? ["A function call without a thought_signature."] : [];
  });
}

function strangeWords(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return [];
  return Object.entries(schema).flatMap(([word, value]: [string, unknown]) => {
    if (!KEYWORDS.has(word)) return [word];
    if (word === "properties" || word === "$defs") {
      return Object.values(value ?? {}).flatMap(strangeWords);
    }
    if (word === "enum" || word === "required") return [];
    return (Array.isArray(value) ? value : [value]).flatMap(strangeWords);
  });
}

const FINISH = { length: "MAX_TOKENS", refusal: "SAFETY", context: "MAX_TOKENS" };

/** Calls come whole; the first one is signed. */
function chunksOf(said: Said): unknown[] {
  // Its window has no finish reason of its own.
  if (said.finish === "context") return [refusalOf("too-long", TOO_LONG).body];
  const calls = (said.calls ?? []).map(
    ({ id, name, json }, place): Part => ({
      functionCall: { id, name, args: z.record(z.string(), z.unknown()).parse(JSON.parse(json)) },
      ...(place === 0 ? { thoughtSignature: "c2lnbmF0dXJl" } : {}),
    }),
  );
  return [
    ...slices(said.reasoning ?? "").map((text) => chunk([{ text, thought: true }], said)),
    ...slices(said.text ?? "").map((text) => chunk([{ text }], said)),
    ...(calls.length > 0 ? [chunk(calls, said)] : []),
    lastChunk(said),
  ];
}

function lastChunk(said: Said) {
  const { usage } = said;
  return {
    candidates: [{ index: 0, finishReason: said.finish ? FINISH[said.finish] : "STOP" }],
    modelVersion: said.model ?? "served-model",
    responseId: "r",
    ...(usage && {
      usageMetadata: {
        promptTokenCount: usage.input + usage.cached,
        cachedContentTokenCount: usage.cached,
        candidatesTokenCount: usage.output - usage.reasoning,
        thoughtsTokenCount: usage.reasoning,
        totalTokenCount: usage.input + usage.cached + usage.output,
      },
    }),
  };
}

function chunk(parts: readonly Part[], { model }: Said = {}) {
  return {
    candidates: [{ content: { role: "model", parts }, index: 0 }],
    modelVersion: model ?? "served-model",
    responseId: "r",
  };
}

function event(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

const TOO_LONG =
  "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).";

const REFUSALS: Readonly<Record<Trouble, readonly [number, string, (readonly object[])?]>> = {
  auth: [400, "INVALID_ARGUMENT", [info("API_KEY_INVALID")]],
  forbidden: [403, "PERMISSION_DENIED", [info("SERVICE_DISABLED")]],
  "rate-limit": [
    429,
    "RESOURCE_EXHAUSTED",
    [quota("GenerateRequestsPerMinutePerProject"), wait("7s")],
  ],
  overloaded: [503, "UNAVAILABLE"],
  "server-error": [500, "INTERNAL"],
  "too-long": [400, "INVALID_ARGUMENT"],
  "spend-limit": [429, "RESOURCE_EXHAUSTED"],
  "bad-request": [400, "INVALID_ARGUMENT"],
  "no-such-model": [404, "NOT_FOUND"],
};

function refusalOf(trouble: Trouble, message: string): Refusal {
  const [code, status, details] = REFUSALS[trouble];
  return {
    status: code,
    headers: { "content-type": "application/json; charset=UTF-8" },
    body: { error: { code, message, status, ...(details && { details }) } },
  };
}

function info(reason: string) {
  return { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason, domain: "googleapis.com" };
}

function wait(retryDelay: string) {
  return { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay };
}

function quota(quotaId: string) {
  return {
    "@type": "type.googleapis.com/google.rpc.QuotaFailure",
    violations: [{ quotaMetric: "generativelanguage.googleapis.com/requests", quotaId }],
  };
}
