import type { Evidence } from "../core/evidence.ts";
import type { Weakening } from "../core/weakening.ts";
import { askedFor } from "../healing/weakened/asked-for.ts";
import type { ChangedText } from "../healing/weakened/changed-text.ts";
import { runFileOf } from "../healing/weakened/run-files.ts";
import { isTestFile } from "../healing/weakened/test-files.ts";
import { weakenedTests } from "../healing/weakened/weakened-tests.ts";
import { baseOf, headOf, type TaskState } from "./task-state.ts";
import type { TaskMirror, Workbench } from "./workbench.ts";

/** More files are looked at for tests and run files first. */
const MOST_FILES = 1_000;
/** Larger texts are data. In UTF-16 units. */
const LONGEST = 1024 * 1024;
/** What is kept of them. */
const MOST_KEPT = 200;

/** Where the whole branch, by whoever of it, makes tests prove less than on the base, or something else. */
export async function findWeakened(
  bench: Workbench,
  state: TaskState,
): Promise<Pick<Evidence, "weakened" | "weakenedAskedBy" | "expectations">> {
  const [base, head] = [baseOf(state).commit, headOf(state)];
  if (base === head) return {};
  const texts = await changedTexts(await bench.mirror(), base, head);
  const found = weakenedTests(texts, await bench.syntax());
  const isOther = ({ kind }: Weakening) => kind === "changed-expectation";
  const expectations = found.filter(isOther).slice(0, MOST_KEPT);
  const weakened = found.filter((one) => !isOther(one)).slice(0, MOST_KEPT);
  const told = expectations.length > 0 ? { expectations } : {};
  if (weakened.length === 0) return told;
  const goals = (state.workPlan?.items ?? []).map(({ goal }) => goal);
  const asked = askedFor({ request: state.task.request, goals });
  return { ...told, weakened, ...(asked && { weakenedAskedBy: asked }) };
}

async function changedTexts(
  mirror: Pick<TaskMirror, "changedFiles" | "listFiles" | "readFile">,
  base: string,
  head: string,
): Promise<ChangedText[]> {
  const [changed, before, now] = await Promise.all([
    mirror.changedFiles(base, head),
    mirror.listFiles(base),
    mirror.listFiles(head),
  ]);
  // The old name of what was renamed is told nowhere else.
  const there = new Set(now);
  const gone = before.filter((path) => !there.has(path));
  const paths = [...new Set([...changed.map(({ path }) => path), ...gone])];
  const first = paths.filter((path) => isTestFile(path) || runFileOf(path) !== undefined);
  const read = async (commit: string, path: string) => {
    const text = await mirror.readFile(commit, path);
    return text !== undefined && text.length > LONGEST ? "" : text;
  };
  const texts: ChangedText[] = [];
  for (const path of [...new Set([...first, ...paths])].slice(0, MOST_FILES)) {
    texts.push({ path, base: await read(base, path), head: await read(head, path) });
  }
  return texts;
}
