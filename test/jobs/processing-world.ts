import { silentBell } from "../../jobs/events/event-bell.ts";
import { createEventBus } from "../../jobs/events/event-bus.ts";
import { createTeller } from "../../jobs/events/teller.ts";
import { processTask } from "../../jobs/process-task.ts";
import type { Lease } from "../../src/core/record.ts";
import type { Asks, Ended } from "../../src/pipeline/run-task.ts";
import type { TaskState } from "../../src/pipeline/task-state.ts";
import { sampleTask } from "../contracts/samples.ts";
import { memoryLedger } from "../fakes/memory-ledger.ts";
import { createMemoryRecord } from "../fakes/memory-record.ts";
import { logLines } from "../world/log-lines.ts";

export const task = sampleTask("t");
export const LEASE_MS = 60_000;
export const GREEN: Ended["outcome"] = { kind: "nothing-to-do", reason: "All is canary green." };
export const state = { task } as unknown as TaskState; // what a task knows before its first stage

type Run = (lease: Lease, signal: AbortSignal) => Promise<Ended | Asks>;

interface Setting {
  readonly run?: Run;
  readonly known?: () => Promise<Partial<TaskState>>;
  readonly leaseMs?: number;
  readonly taskTimeoutMs?: number;
}

/** A record with one waiting task, and what processes it. */
export async function world({
  run,
  known,
  leaseMs = LEASE_MS,
  taskTimeoutMs = LEASE_MS,
}: Setting = {}) {
  let skew = 0;
  const kept = createMemoryRecord(() => Date.now() + skew);
  const record = { ...kept, ledger: memoryLedger() };
  const redact = (text: string) => text.replaceAll("canary", "[secret]");
  await record.inbox.accept(task, []);
  const shutdown = new AbortController();
  const { log, lines } = logLines();
  const bus = createEventBus({ record: record.events, bell: silentBell });
  const teller = createTeller({ bus, redact, log, shutdown: shutdown.signal });
  const leases: Lease[] = [];
  const forgotten: string[] = [];
  const process = processTask({
    ...record,
    worker: "w",
    leaseMs,
    taskTimeoutMs,
    redact,
    teller,
    shutdown: shutdown.signal,
    log,
    known: known ?? (async () => ({})),
    forget: async (id) => {
      forgotten.push(id);
    },
    run: async (_task, lease, signal) => {
      leases.push(lease);
      return run ? run(lease, signal) : { outcome: GREEN, state };
    },
  });
  /** What a crash leaves: the lease runs out and nobody handed it back. */
  const expire = () => {
    skew += leaseMs * 2;
  };
  const found = async () => record.tasks.find("t");
  const pass = (ms: number) => {
    skew += ms;
  };
  return { ...record, teller, process, shutdown, expire, pass, found, leases, lines, forgotten };
}

/** A run that goes on until it is stopped. */
export const untilStopped: Run = (_lease, signal) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
