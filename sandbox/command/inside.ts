import type Docker from "dockerode";
import { once } from "../once.ts";
import { type Cgroup, fieldOf, findCgroup } from "./cgroup.ts";
import { type Execution, execute } from "./execute.ts";

/** What the kernel says of a container in which a command has failed. */
export interface Trouble {
  /** How often it has ended a process for want of memory. */
  readonly memoryKills: number;
  /** Whether a place that commands write to is full. */
  readonly diskFull: boolean;
}

/**
 * Nexus' own questions to a container, asked by programs of its read-only image as the user of the commands.
 * An image that a repository names brings its own: their answers may make a failure look different, never a success.
 */
export interface Inside {
  /** Ends every process of the commands. False when that could not be done. */
  endProcesses(): Promise<boolean>;
  /** The kernel's counters, where they are to be seen from here. */
  cgroup(): Promise<Cgroup | undefined>;
  /** How often the kernel has ended a process for want of memory before the next command. */
  memoryKillsBefore(): Promise<number>;
  /** Asked after a command that failed; undefined without an answer. */
  trouble(): Promise<Trouble | undefined>;
  /** Says that kills may have come that nobody counted. */
  leaveUncounted(): void;
}

const DEADLINE_MS = 20_000;
const MAX_ANSWER = 65_536;
/** A container full of processes may have room for one more a moment later; else it is ended as a whole. */
const TRIES = 3;
const PATIENCE_MS = 10_000;

// -1 is every process this user may signal; the keeper belongs to another user.
const END = "kill -9 -1 2>/dev/null; exit 0";

// Version 1 and version 2 of control groups count under different names. A place is full when no block or
// no inode is left.
const TROUBLE = `
cat /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control 2>/dev/null
stat -f -c 'place %a %d %c' /workspace /tmp "$HOME" 2>/dev/null
exit 0`;

const FULL = /^place (?:0 \d+ \d+|\d+ 0 [1-9]\d*)$/m;

/** Opens the questions to one container, asked as the user of the commands. */
export function lookInside(container: Docker.Container, user: string, signal: AbortSignal): Inside {
  const shell = (script: string, timeoutMs = DEADLINE_MS) =>
    answer(container, {
      argv: ["/bin/sh", "-c", script],
      user,
      timeoutMs,
      signal,
    }).catch(() => ({ exitCode: undefined, text: "" }));

  const cgroup = once(() => findCgroup(container.id));
  let known = 0;
  let uncounted = false;

  async function trouble(): Promise<Trouble | undefined> {
    const { exitCode, text } = await shell(TROUBLE);
    if (exitCode !== 0) return undefined;
    known = (await (await cgroup())?.memoryKills()) ?? fieldOf(text, "oom_kill") ?? known;
    uncounted = false;
    return { memoryKills: known, diskFull: FULL.test(text) };
  }

  return {
    cgroup,
    trouble,
    async memoryKillsBefore() {
      const seen = await (await cgroup())?.memoryKills();
      if (seen !== undefined) known = seen;
      else if (uncounted) await trouble();
      return known;
    },
    leaveUncounted() {
      uncounted = true;
    },
    async endProcesses() {
      const end = performance.now() + PATIENCE_MS;
      for (let tries = 0, left = PATIENCE_MS; tries < TRIES && left > 0; tries++) {
        const { exitCode } = await shell(END, left);
        if (exitCode === 0) return true;
        left = end - performance.now();
      }
      return false;
    },
  };
}

async function answer(container: Docker.Container, question: Omit<Execution, "onPayload">) {
  const chunks: Buffer[] = [];
  let size = 0;
  const { exitCode } = await execute(container, {
    ...question,
    onPayload(chunk, stderr) {
      size += chunk.length;
      if (!stderr && size <= MAX_ANSWER) chunks.push(Buffer.from(chunk));
    },
  });
  return { exitCode, text: Buffer.concat(chunks).toString() };
}
