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
const ENDING_MS = 10_000;
// Room for runtimes that have a kernel of their own.
const MEMORY_MB = 192;
const PIDS = 192;

// The numbers of a call and a family that no command may use; an answer of the kernel's own shows that it was asked.
const IO_URING = 425;
const VSOCK = 40;
const CALLS = `$! = 0; syscall(${IO_URING}, 1, 0); my $uring = $! + 0;
$! = 0; my $made = socket(my $s, ${VSOCK}, 1, 0) ? 1 : 0; print "$uring $made ", $! + 0;`;
/** Not permitted, and no such call. */
const REFUSED = ["1", "38"];
/** No such family, which is as good. */
const UNKNOWN_FAMILY = "97";

/** How the trial says that there can be no more processes. */
const FULL = 3;
const KILLED = 137;
const TOO_LONG = 124;
const EAT = `head -c ${MEMORY_MB * 2}m /dev/zero | tail`;
const MULTIPLY = `my @made; my $full = 0;
for (1 .. ${PIDS * 2}) {
  my $pid = fork; if (!defined $pid) { $full = 1; last; }
  if (!$pid) { sleep 60; exit; }
  push @made, $pid;
}
kill 9, @made; waitpid $_, 0 for @made; exit($full ? ${FULL} : 0);`;

/** Tries, each in a container of its own, whether forbidden calls are refused and limits are kept. Nothing stays. */
export async function tryWalls(site: WallSite, signal: AbortSignal): Promise<Diagnosis[]> {
  const attempt = (argv: readonly string[]) => inContainer(site, argv, signal);
  try {
    const calls = await attempt(["/usr/bin/perl", "-e", CALLS]);
    const eaten = await attempt(["/bin/sh", "-c", EAT]);
    const forked = await attempt(["/usr/bin/perl", "-e", MULTIPLY]);
    return [
      diagnoseCalls(calls),
      limit("memory limit", eaten.exitCode === KILLED, `${MEMORY_MB} MB`),
      limit("pids limit", [FULL, KILLED].includes(forked.exitCode), `${PIDS} processes`),
    ].map((diagnosis) => seenFrom(site.runtime, diagnosis));
  } catch (error) {
    return [failing("walls", error)];
  }
}

/** How a command ended, and what it wrote. */
interface Said {
  readonly exitCode: number;
  readonly output: string;
}

/** What the answers to forbidden calls tell. */
export function diagnoseCalls({ output }: Said): Diagnosis {
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

const OWN_KERNEL = /runsc|gvisor|kata/i;

/** What a runtime's own kernel lets pass does not reach the machine's. */
export function seenFrom(runtime: string | undefined, diagnosis: Diagnosis): Diagnosis {
  if (diagnosis.level !== "problem" || !OWN_KERNEL.test(runtime ?? "")) return diagnosis;
  return {
    ...diagnosis,
    level: "warning",
    advice: `${runtime} answers with a kernel of its own; runsc keeps to seccomp profiles with --oci-seccomp.`,
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

async function inContainer(
  site: WallSite,
  argv: readonly string[],
  signal: AbortSignal,
): Promise<Said> {
  const { docker, limits, uid } = site;
  const user = `${uid}:${uid}`;
  const mount = { Type: "tmpfs", Target: "/workspace" } as Docker.MountSettings;
  const small = { ...limits, memoryMb: MEMORY_MB, pids: PIDS };
  const options = containerOptions({ ...site, user, mount, limits: small });
  const container = await ask("create a container", (abortSignal) =>
    docker.createContainer({ ...options, abortSignal }),
  );
  try {
    await ask("start a container", (abortSignal) => container.start({ abortSignal }));
    const chunks: Buffer[] = [];
    const onPayload = (chunk: Buffer) => void chunks.push(Buffer.from(chunk));
    const run = execute(container, { argv, user, timeoutMs: DEADLINE_MS, signal, onPayload });
    const { exitCode } = await run.catch((error: unknown) => asKilled(container, error));
    return { exitCode: exitCode ?? TOO_LONG, output: Buffer.concat(chunks).toString() };
  } finally {
    await askToRemove("remove a container", () => container.remove({ force: true, v: true }));
  }
}

// Where a container has a kernel of its own, it may end as a whole.
async function asKilled(container: Docker.Container, error: unknown) {
  const over = ask("wait for a container", () => container.wait(), ENDING_MS);
  await over.catch(() => {
    throw error;
  });
  return { exitCode: KILLED };
}
