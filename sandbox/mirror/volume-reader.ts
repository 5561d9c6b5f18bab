import { closeSync, openSync, writeSync } from "node:fs";
import type Docker from "dockerode";
import { NexusError } from "../../src/core/errors.ts";
import { below, bytesOf, type RawPath } from "../changes/raw-path.ts";
import type { Passed } from "../changes/walk.ts";
import { execute } from "../command/execute.ts";
import { containerOptions, type Labels } from "../container/container.ts";
import type { SandboxLimits } from "../container/limits.ts";
import { ask, askToRemove } from "../engine/engine.ts";
import { gatherListing, LIST, type Listed, parseListing } from "./volume-listing.ts";

/** What is needed to look into a volume that only the engine can see. */
export interface VolumeSite {
  readonly docker: Docker;
  /** Nexus' own image: its tools do the reading. */
  readonly image: string;
  readonly uid: number;
  readonly limits: SandboxLimits;
  readonly labels: Labels;
  readonly volume: string;
}

/** A file of the volume, and where its bytes are to be written on this machine. */
export interface Wanted {
  readonly path: RawPath;
  readonly size: number;
  readonly to: string;
}

/** Reads a volume in which nothing is written meanwhile. */
export interface VolumeReader extends AsyncDisposable {
  list(pass: Passed): Promise<Listed[]>;
  /** Writes each file anew. Throws `sandbox.unavailable` if they are not what was listed. */
  fetch(files: readonly Wanted[]): Promise<void>;
}

const DEADLINE_MS = 600_000;
const ROOT = "0:0";
// Names are told by zeros, contents by the sizes that are known: nothing in them is taken for anything else.
const CAT: readonly string[] = ["/usr/bin/xargs", "-0", "-r", "/bin/cat", "--"];

/** Starts a container of its own that reads and does nothing else; files may be unreadable to their owner. */
export async function openVolumeReader(site: VolumeSite): Promise<VolumeReader> {
  const container = await ask("create a reading container", (abortSignal) =>
    site.docker.createContainer({ ...readerOptions(site), abortSignal }),
  );
  const remove = () =>
    askToRemove("remove a reading container", () => container.remove({ force: true, v: true }));
  try {
    await ask("start a reading container", (abortSignal) => container.start({ abortSignal }));
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    async list(pass) {
      const listing = gatherListing();
      await answer(container, { argv: LIST }, listing.add);
      return parseListing(listing.text(), pass);
    },
    async fetch(files) {
      const names = files.map(({ path }) =>
        Buffer.concat([bytesOf(below(".", path)), Buffer.of(0)]),
      );
      const writer = writeInTurn(files);
      try {
        await answer(container, { argv: CAT, stdin: Buffer.concat(names) }, writer.write);
        writer.finish();
      } finally {
        writer.close();
      }
    },
    [Symbol.asyncDispose]: remove,
  };
}

function readerOptions(site: VolumeSite): Docker.ContainerCreateOptions {
  const mount = {
    Type: "volume",
    Source: site.volume,
    Target: "/workspace",
    ReadOnly: true,
    VolumeOptions: { NoCopy: true },
  } as Docker.MountSettings;
  const options = containerOptions({ ...site, user: ROOT, mount });
  return { ...options, HostConfig: { ...options.HostConfig, CapAdd: ["DAC_READ_SEARCH"] } };
}

async function answer(
  container: Docker.Container,
  { argv, stdin }: { argv: readonly string[]; stdin?: Buffer },
  onOutput: (chunk: Buffer) => void,
): Promise<void> {
  const { exitCode } = await execute(container, {
    argv,
    stdin,
    user: ROOT,
    timeoutMs: DEADLINE_MS,
    signal: new AbortController().signal,
    onPayload: (chunk, stderr) => (stderr ? undefined : onOutput(chunk)),
  });
  if (exitCode !== 0) throw unread();
}

/** Cuts a stream of contents one after the other into the files they belong to. */
function writeInTurn(files: readonly Wanted[]) {
  let at = -1;
  let left = 0;
  let file: number | undefined;

  function close(): void {
    if (file !== undefined) closeSync(file);
    file = undefined;
  }

  /** Opens the next file that has content; empty ones are there at once. */
  function advance(): void {
    while (left === 0 && at + 1 < files.length) {
      close();
      at += 1;
      const next = files[at];
      if (!next) return;
      file = openSync(next.to, "wx", 0o600);
      left = next.size;
    }
  }

  return {
    close,
    write(chunk: Buffer): void {
      for (let from = 0; from < chunk.length; ) {
        advance();
        if (left === 0 || file === undefined) throw unread();
        const written = writeSync(file, chunk, from, Math.min(left, chunk.length - from));
        from += written;
        left -= written;
      }
    },
    finish(): void {
      advance();
      if (left > 0) throw unread();
    },
  };
}

function unread(): NexusError {
  return new NexusError("sandbox.unavailable", "What a volume holds could not be read.", {
    retryable: true,
  });
}
