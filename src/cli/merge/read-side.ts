import { isUtf8 } from "node:buffer";
import { open } from "node:fs/promises";

/** More is data: nobody settles its conflicts by hand either. */
const MAX_BYTES = 16 * 1024 * 1024;

/**
 * All bytes of a file or a pipe. Throws an `Error` of one line, that names it as `shown`, where it cannot be read or
 * is over 16 MiB.
 */
export async function readSide(path: string, shown: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    await using file = await open(path);
    for await (const chunk of file.createReadStream({ autoClose: false })) {
      size += chunk.length;
      if (size > MAX_BYTES) break;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw new Error(`${shown} cannot be read: ${reasonOf(cause)}`, { cause });
  }
  if (size > MAX_BYTES) throw new Error(`${shown} is larger than 16 MiB; it is not merged`);
  return Buffer.concat(chunks);
}

/** The text that the bytes are. Throws where they are none: to guess would change what people wrote. */
export function textOf(shown: string, bytes: Buffer): string {
  if (bytes.includes(0)) throw new Error(`${shown} is binary; it is not merged`);
  if (!isUtf8(bytes)) throw new Error(`${shown} is not UTF-8; it is not merged`);
  return bytes.toString("utf8");
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EISDIR: "it is a folder",
  EACCES: "its permissions do not allow it",
  ENOTDIR: "there is no such file",
};

/** Why a file cannot be used, in words where there are any. */
export function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = "code" in cause ? String(cause.code) : "";
  return REASONS[code] ?? cause.message;
}
