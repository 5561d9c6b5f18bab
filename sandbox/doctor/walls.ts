import type Docker from "dockerode";
import { execute } from "../command/execute.ts";
import { containerOptions, type Labels } from "../container/container.ts";
import type { SandboxLimits } from "../container/limits.ts";
import { ask, askToRemove } from "../engine/engine.ts";
import { type Diagnosis, failing, ok } from "./diagnosis.ts";

/** Where the walls are tried. */
export interface WallSite {
  readonly docker: Docker;
  readonly image: string;
  readonly uid: number;
  readonly runtime?: string | undefined;
  readonly limits: SandboxLimits;
  readonly labels: Labels;
}

const DEADLINE_MS = 120_000;
const MEMORY_MB = 64;
const PIDS = 48;

// The numbers of a call and a family that no command may use; an answer of the kernel's own shows that it was asked.
const IO_URING = 425;
const VSOCK = 40;
const CALLS = `$! = 0; syscall(${IO_URING}, 1, 0); my $uring = $! + 0;
$! = 0; my $made = socket(my $s, ${VSOCK}, 1, 0) ? 1 : 0; print "$uring $made ", $! + 0;`;
/** Not permitted, and no such call. */
const REFUSED = ["1", "38"];
/** No such family, which is as good. */
const UNKNOWN_FAMILY = "97";

const EAT = `head -c ${MEMORY_MB * 2}m /dev/zero | tail`;
const MULTIPLY = `i=0; while [ $i -lt ${PIDS * 2} ]; do sleep 60 & i=$((i+1)); done`;

/** Tries in one container whether forbidden calls are refused and limits are kept. Nothing of it stays. */
export async function tryWalls(site: WallSite, signal: AbortSignal): Promise<Diagnosis[]> {
  try {
    return await inContainer(site, async (run) => {
      const calls = await run(["/usr/bin/perl", "-e", CALLS], signal);
      const eaten = await run(["/bin/sh", "-c", EAT], signal);
      const forked = await run(["/bin/sh", "-c", MULTIPLY], signal);
      return [
        diagnoseCalls(calls),
        limit("memory limit", eaten.exitCode === 137, `${MEMORY_MB} MB`),
        limit("pids limit", forked.exitCode !== 0, `${PIDS} processes`),
      ];
    });
  } catch (error) {
    return [failing("walls", error)];
  }
}

interface Said {
  readonly exitCode: number | undefined;
  readonly output: string;
}

function diagnoseCalls({ output }: Said): Diagnosis {
  const [uring = "", made = "", vsock = ""] = output.trim().split(" ");
  const open = [
    ...(REFUSED.includes(uring) ? [] : ["io_uring"]),
    ...(made === "0" && [...REFUSED, UNKNOWN_FAMILY].includes(vsock) ? [] : ["AF_VSOCK"]),
  ];
  if (open.length === 0) return ok("system calls", "io_uring and AF_VSOCK are refused");
  return {
    level: "problem",
    name: "system calls",
    detail: `${open.join(" and ")} can be used in a container`,
    advice: "Use an engine, a kernel and a runtime that keep to seccomp profiles.",
  };
}

function limit(name: string, isKept: boolean, what: string): Diagnosis {
  if (isKept) return ok(name, `${what} were not exceeded`);
  return {
    level: "problem",
    name,
    detail: `${what} could be exceeded`,
    advice: "The engine's control groups do not work: see docker info.",
  };
}

type Run = (argv: readonly string[], signal: AbortSignal) => Promise<Said>;

async function inContainer<T>(site: WallSite, work: (run: Run) => Promise<T>): Promise<T> {
  const { docker, limits, uid } = site;
  const user = `${uid}:${uid}`;
  const mount = { Type: "tmpfs", Target: "/workspace" } as Docker.MountSettings;
  const small = { ...limits, memoryMb: MEMORY_MB, pids: PIDS };
  const container = await ask("create a container", (abortSignal) =>
    docker.createContainer({
      ...containerOptions({ ...site, user, mount, limits: small }),
      abortSignal,
    }),
  );
  try {
    await ask("start a container", (abortSignal) => container.start({ abortSignal }));
    return await work(async (argv, signal) => {
      const chunks: Buffer[] = [];
      const { exitCode } = await execute(container, {
        argv,
        user,
        timeoutMs: DEADLINE_MS,
        signal,
        onPayload: (chunk) => chunks.push(Buffer.from(chunk)),
      });
      return { exitCode, output: Buffer.concat(chunks).toString() };
    });
  } finally {
    await askToRemove("remove a container", () => container.remove({ force: true, v: true }));
  }
}
