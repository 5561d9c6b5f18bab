import type Docker from "dockerode";
import { NexusError } from "../../src/core/errors.ts";
import { below, bytesOf, type RawPath, rawOf } from "../changes/raw-path.ts";
import { execute } from "./execute.ts";

/** Nexus' own questions to a container, asked by programs of the read-only image. */
export interface Inside {
  /** Ends every process of the commands. False when that could not be done. */
  endProcesses(): Promise<boolean>;
  /** How often the kernel has ended a process of this container for want of memory; undefined without an answer. */
  memoryKills(): Promise<number | undefined>;
  /** What the last count said; counts anew where the last command's end was no reason to count. */
  knownMemoryKills(): Promise<number>;
  /** Says that kills may have come that nobody counted. */
  leaveUncounted(): void;
  listNames(folders: readonly RawPath[]): Promise<ReadonlyMap<RawPath, ReadonlySet<RawPath>>>;
  ignored(paths: readonly RawPath[]): Promise<ReadonlySet<RawPath>>;
}

const DEADLINE_MS = 60_000;
const SHORT_MS = 5_000;
const MAX_ANSWER = 256 * 1024 * 1024;

// -1 is every process this user may signal; the keeper belongs to another user.
const END = "kill -9 -1 2>/dev/null; exit 0";

// Version 1 and version 2 of control groups count under different names.
const MEMORY =
  "cat /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control 2>/dev/null || true";

const LIST =
  'exec /usr/bin/xargs -0 -r /bin/sh -c \'for f; do printf "%s\\0\\0" "$f"; /usr/bin/find "$f" -mindepth 1 -maxdepth 1 -print0; printf "\\0"; done\' sh';

// A repository of its own: neither the commands' git configuration nor what they did to .git has a say.
const IGNORED = `
d=$(/usr/bin/mktemp -d 2>/dev/null || /usr/bin/mktemp -d -p "$HOME") || exit 3
export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_DIR="$d/.git" GIT_WORK_TREE=/workspace
/usr/bin/git init -q --template= "$d" >/dev/null || exit 3
exec /usr/bin/git -c core.excludesFile=/dev/null check-ignore --no-index -z --stdin`;

/** Opens the questions to one container, asked as the user of the commands. */
export function lookInside(container: Docker.Container, user: string, signal: AbortSignal): Inside {
  const shell = (script: string, stdin?: Buffer, timeoutMs = DEADLINE_MS) =>
    answer(container, { argv: ["/bin/sh", "-c", script], user, timeoutMs, signal, stdin });

  let known = 0;
  let uncounted = false;

  async function memoryKills(): Promise<number | undefined> {
    const { exitCode, bytes } = await shell(MEMORY, undefined, SHORT_MS).catch(noAnswer);
    if (exitCode !== 0) return undefined;
    known = Number(/^oom_kill (\d+)$/m.exec(bytes.toString())?.[1] ?? known);
    uncounted = false;
    return known;
  }

  return {
    memoryKills,
    async knownMemoryKills() {
      if (uncounted) await memoryKills();
      return known;
    },
    leaveUncounted() {
      uncounted = true;
    },
    async endProcesses() {
      const { exitCode } = await shell(END, undefined, SHORT_MS).catch(noAnswer);
      return exitCode === 0;
    },
    async listNames(folders) {
      if (folders.length === 0) return new Map();
      const { exitCode, bytes } = await shell(
        LIST,
        joined(folders.map((path) => below(".", path))),
      );
      if (exitCode !== 0) throw unreadable("list the changed folders");
      return parseListing(rawOf(bytes));
    },
    async ignored(paths) {
      const { exitCode, bytes } = await shell(IGNORED, joined(paths));
      // 1 says that none of them is ignored.
      if (exitCode !== 0 && exitCode !== 1) throw unreadable("apply the repository's ignore rules");
      return new Set(split(rawOf(bytes)));
    },
  };
}

interface Question {
  readonly argv: readonly string[];
  readonly user: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly stdin: Buffer | undefined;
}

async function answer(container: Docker.Container, question: Question) {
  const chunks: Buffer[] = [];
  let size = 0;
  const { exitCode } = await execute(container, {
    ...question,
    onPayload(chunk, stderr) {
      size += chunk.length;
      if (!stderr && size <= MAX_ANSWER) chunks.push(Buffer.from(chunk));
    },
  });
  return { exitCode: size > MAX_ANSWER ? undefined : exitCode, bytes: Buffer.concat(chunks) };
}

function noAnswer() {
  return { exitCode: undefined, bytes: Buffer.alloc(0) };
}

function joined(paths: readonly RawPath[]): Buffer {
  return Buffer.concat(paths.flatMap((path) => [bytesOf(path), Buffer.of(0)]));
}

function split(text: string): string[] {
  return text.split("\0").filter((part) => part !== "");
}

// Per folder: its name, an empty string, its entries, an empty string.
function parseListing(text: string): Map<RawPath, Set<RawPath>> {
  const parts = text.split("\0");
  const listing = new Map<RawPath, Set<RawPath>>();
  for (let at = 0; at + 1 < parts.length; ) {
    const folder = parts[at] ?? "";
    const end = parts.indexOf("", at + 2);
    const names = parts.slice(at + 2, end).map((path) => path.slice(folder.length + 1));
    listing.set(folder.slice(2), new Set(names));
    at = end + 1;
  }
  return listing;
}

function unreadable(what: string): NexusError {
  return new NexusError("sandbox.unavailable", `The container could not ${what}.`, {
    retryable: true,
  });
}
