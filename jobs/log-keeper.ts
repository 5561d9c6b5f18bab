import { createHash } from "node:crypto";
import { createGzip } from "node:zlib";
import type { LogReference } from "../src/core/evidence.ts";
import type { Redact } from "../src/core/redact.ts";
import { redactedText } from "./redacted-text.ts";
import { textUpTo } from "./text-up-to.ts";

/** Where packed logs are put. */
export interface LogShelf {
  keep(log: {
    readonly taskId: string;
    readonly digest: string;
    readonly gzip: Uint8Array;
    readonly bytes: number;
  }): Promise<void>;
}

/** Takes the whole output of one command. */
export interface KeptLogSink {
  write(cleanedText: string): void;
  /** Undefined where it could not be kept. */
  finish(): Promise<LogReference | undefined>;
}

interface LogKeeperOptions {
  readonly shelf: LogShelf;
  readonly redact: Redact;
  readonly log: { warn(fields: object, message: string): void };
  /** Of the text before it is redacted. */
  readonly maxBytes?: number;
}

const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Opens logs of commands: redacted before anything else is done with them, packed as they come, kept under
 * the digest of their text. What comes after `maxBytes` is left out, and the reference says so. A log that
 * cannot be kept is told to the log, and costs the command nothing.
 */
export function createLogKeeper(options: LogKeeperOptions): (taskId: string) => KeptLogSink {
  return (taskId) => {
    const text = redactedText(options.redact);
    const pack = createPacker();
    let left = options.maxBytes ?? MAX_BYTES;
    let truncated = false;
    return {
      write(cleanedText) {
        const part = textUpTo(left, cleanedText);
        truncated ||= part.length < cleanedText.length;
        left = truncated ? 0 : left - Buffer.byteLength(part);
        if (part !== "") pack.add(text.take(part));
      },
      async finish() {
        pack.add(text.finish());
        try {
          const packed = await pack.finish();
          await options.shelf.keep({ taskId, ...packed });
          return { digest: packed.digest, bytes: packed.bytes, truncated };
        } catch (error) {
          options.log.warn({ taskId, err: error }, "the log of a command could not be kept");
          return undefined;
        }
      },
    };
  };
}

function createPacker() {
  const hash = createHash("sha256");
  const gzip = createGzip();
  const chunks: Buffer[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let bytes = 0;
  gzip.on("data", (chunk: Buffer) => chunks.push(chunk));
  gzip.on("end", resolve);
  gzip.on("error", reject);
  return {
    add(text: string) {
      if (text === "") return;
      const part = Buffer.from(text);
      bytes += part.length;
      hash.update(part);
      gzip.write(part);
    },
    async finish() {
      gzip.end();
      await promise;
      return { digest: hash.digest("hex"), bytes, gzip: Buffer.concat(chunks) };
    },
  };
}
