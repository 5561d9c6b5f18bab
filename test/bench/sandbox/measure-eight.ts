import { readFile, writeFile } from "node:fs/promises";
import type { SandboxSession } from "../../../src/core/sandbox.ts";
import { edit, tenFiles } from "./edits.ts";
import type { Place, Subject } from "./place.ts";
import { runProgram } from "./programs.ts";

/** What mirrors take of the machine, in megabytes. */
interface Taken {
  /** The kernel's: cached files and its own records of files, as names, nodes and mounts. */
  readonly memory: number;
  /** The containers' own processes and the engine's for them, whatever is mounted. */
  readonly processes: number;
  /** Below the folder of the sandbox. */
  readonly disk: number;
}

/** One mirror of which every file was read, and eight of which each ran a check and edited ten files. */
export interface OneAndEight {
  readonly files: number;
  readonly one: Taken;
  readonly eight: Taken;
}

const EIGHT = 8;
const READ_ALL = "find . -path ./.git -prune -o -type f -print0 | xargs -0 cat > /dev/null";
const CHECK = "cat part-0/*/* > /dev/null";

/** Counts what one and then eight open mirrors of a subject take. */
export async function measureEight(
  place: Place,
  subject: Subject,
  isQuick: boolean,
): Promise<OneAndEight> {
  await using opened = new AsyncDisposableStack();
  const open = async () => {
    const signal = new AbortController().signal;
    return opened.use(await place.sandbox.open(place.workspace(subject), signal));
  };
  if (!isQuick) await forgetFiles();
  const before = await taken(place);
  const sessions = [await open()];
  for (const session of sessions) await run(session, READ_ALL);
  const one = minus(await taken(place), before);
  while (sessions.length < EIGHT) sessions.push(await open());
  await Promise.all(
    sessions.map(async (session) => {
      await run(session, CHECK);
      await edit(session, tenFiles(subject.files, 0));
    }),
  );
  const eight = minus(await taken(place), before);
  const { disk } = before;
  const { files } = subject;
  return {
    files,
    one: { ...one, disk: one.disk + disk },
    eight: { ...eight, disk: eight.disk + disk },
  };
}

async function run(session: SandboxSession, script: string): Promise<void> {
  const { exitCode, output } = await session.run(["/bin/sh", "-c", script]);
  if (exitCode !== 0) throw new Error(`A command failed: ${output}`);
}

/** What was read before would not be counted when it is read again. Only root may ask for it. */
async function forgetFiles(): Promise<void> {
  await runProgram("sync", [], { cwd: "/" });
  await writeFile("/proc/sys/vm/drop_caches", "3").catch(() => undefined);
}

async function taken({ sandboxFolder }: Place): Promise<Taken> {
  const text = await readFile("/proc/meminfo", "utf8");
  const kb = (name: string) => Number(new RegExp(`^${name}: +(\\d+) kB$`, "m").exec(text)?.[1]);
  const du = await runProgram("du", ["-sk", sandboxFolder], { cwd: "/" });
  return {
    memory: (kb("Cached") + kb("Buffers") + kb("Slab")) / 1024,
    processes: kb("AnonPages") / 1024,
    disk: Number.parseInt(du, 10) / 1024,
  };
}

function minus(one: Taken, other: Taken): Taken {
  return {
    memory: one.memory - other.memory,
    processes: one.processes - other.processes,
    disk: one.disk - other.disk,
  };
}
