import type { Edit } from "../core/change-set.ts";
import { NexusError } from "../core/errors.ts";
import type { CheckResult, Evidence, Proof } from "../core/evidence.ts";
import type { Sandbox } from "../core/sandbox.ts";
import { isTestFile, mayHoldTests } from "../healing/weakened/test-files.ts";
import { itemsDone } from "./every-check.ts";
import { shadowRun } from "./shadow-run.ts";
import { baseOf, type TaskState } from "./task-state.ts";
import type { TaskMirror, Workbench } from "./workbench.ts";

/** Commands that are run a second time. */
const MOST = 5;
/** What a command gets on the base: this, and a multiple of what it took on the head. */
const LEAST_MS = 60_000;
const TIMES = 3;

interface Run {
  readonly bench: Workbench;
  readonly state: TaskState;
  /** The shadow run of the head. */
  readonly evidence: Evidence;
}

/**
 * Runs what is to prove the work on the base too, with nothing but the head's test files put on it: it must fail
 * there. Takes nothing from what is green: what cannot be run is told as such.
 */
export async function prove(run: Run, signal: AbortSignal): Promise<readonly Proof[]> {
  const { bench, state, evidence } = run;
  const mirror = await bench.mirror();
  const base = baseOf(state).commit;
  const changed = (await mirror.changedFiles(base, evidence.commit)).map(({ path }) => path);
  const { proving, without } = wanted(state, evidence, changed);
  const [first, rest] = [proving.slice(0, MOST), proving.slice(MOST)];
  const tooMany = `Only the first ${MOST} are run a second time.`;
  const left = [...without, ...rest.map((check) => notRun(check, tooMany))];
  if (first.length === 0) return left;
  try {
    const commit = await baseWithTests(mirror, { base, head: evidence.commit, changed });
    const { sandbox } = bench;
    const { task, environment } = state;
    const limited = withLimit(sandbox, Math.max(...first.map(({ durationMs }) => durationMs)));
    const on = { sandbox: limited, mirror, taskId: task.id, environment, base, commit };
    const before = await shadowRun({ ...on, checks: first.map(checkOf) }, signal);
    const mixed = changed.some((path) => mayHoldTests(path) && !isTestFile(path));
    const proofs = first.map((check, at) => proofOf(check, before.checks[at], mixed));
    return [...proofs, ...left];
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof NexusError)) throw error;
    return [...first.map((check) => notRun(check, error.message)), ...left];
  }
}

interface Wanted {
  /** Results on the head, each with the item that it is to prove. */
  readonly proving: readonly CheckResult[];
  readonly without: readonly Proof[];
}

/** The acceptance checks; for tests that none of them is for, the checks whose runner counts. */
function wanted(state: TaskState, { checks }: Evidence, changed: readonly string[]): Wanted {
  const items = itemsDone(state);
  const accepted = items.flatMap(({ id, acceptance }) => {
    const result = checks.find(({ command }) => command === acceptance?.command);
    return result ? [{ ...result, item: id }] : [];
  });
  const proven = new Set(accepted.map(({ item }) => item));
  const open = items.filter(({ id, department }) => department === "qa" && !proven.has(id));
  const counted = checks.filter(({ tests, namedBy }) => tests !== undefined && !namedBy);
  const [tester] = open;
  const tests = changed.some(isTestFile);
  const byRunner = tester || (tests && accepted.length === 0) ? counted : [];
  const all = [...accepted, ...byRunner.map((check) => ofItem(check, tester?.id))];
  const once = all.filter(
    ({ command }, at) => all.findIndex((other) => other.command === command) === at,
  );
  const without =
    counted.length > 0
      ? []
      : open.map(({ id, title }) => notRun(ofItem(nameless(title), id), NONE));
  return { proving: once, without };
}

const NONE = "It names no acceptance check, and no check of the repository counts its tests.";

function nameless(title: string): Pick<CheckResult, "name" | "command"> {
  return { name: title, command: "" };
}

function ofItem<T extends object>(check: T, item: string | undefined): T & { item?: string } {
  return item === undefined ? check : { ...check, item };
}

function checkOf({ name, command }: CheckResult) {
  return { name, command };
}

interface Tested {
  readonly base: string;
  readonly head: string;
  readonly changed: readonly string[];
}

/** A commit of the base with the head's test files. What is no text stays as it is on the base. */
async function baseWithTests(mirror: TaskMirror, { base, head, changed }: Tested): Promise<string> {
  const edits: Edit[] = [];
  for (const path of changed.filter(isTestFile)) {
    const text = await mirror.readFile(head, path);
    if (text === undefined) edits.push({ kind: "delete", path });
    else if (!/[\0\uFFFD]/.test(text)) edits.push(writing(path, text));
  }
  if (edits.length === 0) return base;
  const message = "The base with the tests of the head";
  return (await mirror.commitEdits({ parent: base, edits, message })).commit;
}

function writing(path: string, text: string): Edit {
  return { kind: "write", path, mode: "100644", content: new TextEncoder().encode(text) };
}

/** What passes quickly on the head may hang without the change. */
function withLimit(sandbox: Sandbox, tookMs: number): Sandbox {
  const timeoutMs = Math.round(LEAST_MS + TIMES * tookMs);
  return {
    ...sandbox,
    async open(workspace, signal) {
      const session = await sandbox.open(workspace, signal);
      return { ...session, run: (command, how) => session.run(command, { timeoutMs, ...how }) };
    },
  };
}

const MIXED = "It passes on the base, and the tests stand in the same files as the code.";

function proofOf(head: CheckResult, base: CheckResult | undefined, mixed: boolean): Proof {
  if (base?.ending !== "exited") return notRun(head, "It did not end by itself on the base.");
  if (base.passed && mixed) return notRun(head, MIXED);
  const kind = base.passed ? "green-green" : "red-green";
  return { ...named(head), kind, base: shortOf(base), head: shortOf(head) };
}

type Named = Pick<CheckResult, "name" | "command" | "item">;

function notRun(check: Named, why: string): Proof {
  return { ...named(check), kind: "not-run", why };
}

function named({ name, command, item }: Named) {
  return { ...(item !== undefined && { item }), name, command };
}

function shortOf({ exitCode, ending, tests }: CheckResult) {
  return { exitCode, ending, ...(tests && { tests }) };
}
