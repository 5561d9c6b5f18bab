import type OpenAI from "openai";
import { Stream } from "openai/streaming";
import { NexusError } from "../core/errors.ts";
import { modelError } from "./provider-error.ts";

/** Far above any reply; a server that sends more is not a model. */
const MAX_BYTES = 32 * 1024 * 1024;

interface Listening {
  readonly client: OpenAI;
  /** Whether we asked for a stream. */
  readonly streaming: boolean;
  /** Called whenever bytes arrive. */
  readonly heard: () => void;
}

/** The pieces of an answer: the chunks of a stream, or the one body of a server that does not stream. */
export async function* piecesOf(response: Response, listening: Listening): AsyncGenerator<unknown> {
  const { status, headers } = response;
  const body = response.body ? ReadableStream.from(bytesOf(response.body, listening.heard)) : null;
  const heard = new Response(body, { status, headers });
  const kind = headers.get("content-type") ?? "";

  if (listening.streaming ? !/json/i.test(kind) : /event-stream/i.test(kind)) {
    yield* chunksOf(heard, listening.client);
  } else {
    yield parsed(await heard.text());
  }
}

async function* chunksOf(response: Response, client: OpenAI): AsyncGenerator<unknown> {
  try {
    yield* Stream.fromSSEResponse<unknown>(response, new AbortController(), client);
  } catch (error) {
    throw error instanceof SyntaxError ? modelError("model.malformed", error.message) : error;
  }
}

async function* bytesOf(
  body: ReadableStream<Uint8Array>,
  heard: () => void,
): AsyncGenerator<Uint8Array> {
  let total = 0;
  try {
    for await (const bytes of body) {
      heard();
      total += bytes.byteLength;
      if (total > MAX_BYTES) throw modelError("model.malformed", "The answer is endless.");
      yield bytes;
    }
  } catch (error) {
    if (error instanceof NexusError) throw error;
    throw modelError("model.unreachable", "The connection broke in the middle of the answer.");
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw modelError("model.malformed", `The answer is not JSON: ${text}`);
  }
}
