import type Docker from "dockerode";
import { execute } from "./command/execute.ts";

const DEADLINE_MS = 30_000;
const NONE = 3;

// Asked as the user of the commands, by programs of the read-only image: what it finds is worth as much as
// what a command could print. A FIFO or a device is not opened; what changes meanwhile is still bounded.
const READ = `
[ -f "$1" ] && [ ! -L "$1" ] && [ "$(realpath -- "$1")" = "$1" ] || exit ${NONE}
exec head -c "$2" -- "$1"`;

/** One regular file in a container, and how much of it to take. */
interface Wanted {
  readonly container: Docker.Container;
  readonly user: string;
  readonly path: string;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** Bytes of a regular file by its absolute path, no link followed; undefined where there is none or it is larger. */
export async function readFileIn(wanted: Wanted): Promise<Uint8Array | undefined> {
  const { container, user, path, maxBytes, signal } = wanted;
  if (!path.startsWith("/") || path.includes("\0")) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  const { exitCode } = await execute(container, {
    argv: ["/bin/sh", "-c", READ, "sh", path, String(maxBytes + 1)],
    user,
    timeoutMs: DEADLINE_MS,
    signal,
    onPayload(chunk, stderr) {
      if (stderr) return;
      size += chunk.length;
      if (size <= maxBytes) chunks.push(Buffer.from(chunk));
    },
  });
  return exitCode === 0 && size <= maxBytes ? Buffer.concat(chunks) : undefined;
}
