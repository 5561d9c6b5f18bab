import { NexusError } from "../core/errors.ts";
import { modelError } from "./provider-error.ts";
import { dataOf } from "./server-sent-events.ts";

/** Far above any reply; a server that sends more is not a model. */
const MAX_BYTES = 32 * 1024 * 1024;

interface Listening {
  /** Whether we asked for a stream. */
  readonly streaming: boolean;
  /** Called whenever bytes arrive. */
  readonly heard: () => void;
  /** How often the wire says everything: more than once where it repeats what it streamed. */
  readonly repeats?: number;
}

/** The pieces of an answer: the events of a stream, or the one body of a server that does not stream. */
export async function* piecesOf(response: Response, listening: Listening): AsyncGenerator<unknown> {
  const bytes = bytesOf(response.body, listening);
  const kind = response.headers.get("content-type") ?? "";

  if (listening.streaming ? !/json/i.test(kind) : /event-stream/i.test(kind)) {
    for await (const data of dataOf(bytes)) yield parsed(data);
  } else {
    yield parsed(await textOf(bytes));
  }
}

async function* bytesOf(
  body: ReadableStream<Uint8Array> | null,
  { heard, repeats = 1 }: Listening,
): AsyncGenerator<Uint8Array> {
  let total = 0;
  try {
    for await (const bytes of body ?? []) {
      heard();
      total += bytes.byteLength;
      if (total > MAX_BYTES * repeats)
        throw modelError("model.malformed", "The answer is endless.");
      yield bytes;
    }
  } catch (error) {
    if (error instanceof NexusError) throw error;
    throw modelError("model.unreachable", "The connection broke in the middle of the answer.");
  }
}

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of bytes) pieces.push(piece);
  return Buffer.concat(pieces).toString("utf8");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw modelError("model.malformed", `The answer is not JSON: ${text.slice(0, 2000)}`);
  }
}
