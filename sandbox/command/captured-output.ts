import { StringDecoder } from "node:string_decoder";
import type { LogReference } from "../../src/core/evidence.ts";
import { createEscapeFilter } from "./escape-filter.ts";
import { keepText } from "./kept-text.ts";
import { assembleLines } from "./lines.ts";
import type { LogSink } from "./log-sink.ts";

/** What a command wrote, as much of it as is kept, cleaned. */
interface Captured {
  readonly text: string;
  readonly truncated: boolean;
}

/** Takes all output of a command and keeps a bounded part of it. */
export interface CapturedOutput {
  take(chunk: Buffer, stderr?: boolean): void;
  finish(): Captured;
  /** Where all of it is kept, once it is finished and when more came than is kept here. */
  log(): Promise<LogReference | undefined>;
}

/**
 * Keeps the first and the last half of `maxBytes`, so that a flood costs no memory and both the beginning
 * and the verdict stay readable. Both streams are told apart only to put their characters and escapes
 * together; their text is in order of arrival. `onText` hears all of it line by line; a log is opened as soon
 * as more comes than is kept, and takes all from the beginning.
 */
export function captureOutput(
  maxBytes: number,
  onText?: (text: string) => void,
  openLog?: () => LogSink,
): CapturedOutput {
  const kept = keepText(maxBytes);
  let truncated = false;
  let log: LogSink | undefined;
  const lines = assembleLines((text) => {
    if (!(truncated || kept.fits(text))) {
      truncated = true;
      log = openLog?.();
      log?.write(kept.text());
    }
    log?.write(text);
    kept.take(text);
    onText?.(text);
  });
  const streams = [textStream(), textStream()] as const;

  return {
    take(chunk, stderr = false) {
      lines.take(streams[stderr ? 1 : 0].take(chunk));
    },
    finish() {
      for (const stream of streams) lines.take(stream.finish());
      lines.finish();
      return { text: kept.text(), truncated };
    },
    log: async () => await log?.finish(),
  };
}

/** Text of one stream, whose characters and escapes may be cut by the border of two chunks. */
function textStream() {
  const decoder = new StringDecoder("utf8");
  const filter = createEscapeFilter();
  return {
    take: (chunk: Buffer) => filter.take(decoder.write(chunk)),
    finish: () => filter.take(decoder.end()) + filter.finish(),
  };
}
