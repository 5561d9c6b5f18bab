import type { Plan, WorkItem } from "../core/plan.ts";
import { ancestors, findCycle } from "./dependency-graph.ts";
import { isGlob } from "./glob.ts";
import { sharedPath } from "./path-overlap.ts";
import { judgeCommand } from "./policy/judge-command.ts";
import { globProblem } from "./safe-path.ts";

// Every pattern is held against every file of the repository.
const MAX_PATTERNS = 200;
const MAX_PROBLEMS = 20;

/** What a plan is held against. */
export interface Repository {
  /** Paths of all its files. */
  readonly files: readonly string[];
  /** Programs, or programs with their first words, that it forbids. */
  readonly deny?: readonly string[] | undefined;
}

/** What is wrong with a plan beyond its schema, in words for the model. Nothing when it can be worked on. */
export function planProblems(plan: Plan, { files, deny = [] }: Repository): readonly string[] {
  const shape = [
    ...repeated(plan.items.map((item) => item.id)).map((id) => `Two items have the id "${id}".`),
    ...repeated(plan.checks.map((check) => check.name)).map(
      (name) => `Two checks have the name ${JSON.stringify(name)}.`,
    ),
    ...plan.checks.flatMap((check) => checkProblem(check, deny)),
    ...orderProblems(plan.items),
    ...plan.items.flatMap((item) => pathProblems(item, files)),
  ];
  if (plan.items.flatMap((item) => item.paths).length > MAX_PATTERNS) {
    shape.push(`The plan has more than ${MAX_PATTERNS} paths in all. Use globs.`);
  }
  // Overlaps are only known where order and paths are sound.
  const problems = shape.length > 0 ? shape : overlapProblems(plan.items, files);
  return problems.slice(0, MAX_PROBLEMS);
}

/** The architect is an agent too: what it names to be run passes the same policy. */
function checkProblem(
  { name, command }: Plan["checks"][number],
  deny: readonly string[],
): readonly string[] {
  const judgement = judgeCommand(command, deny);
  if (judgement.kind === "allowed") return [];
  return [`The check ${JSON.stringify(name)} was refused by policy: ${judgement.why}.`];
}

function orderProblems(items: readonly WorkItem[]): readonly string[] {
  const ids = new Set(items.map((item) => item.id));
  const unknown = items.flatMap((item) =>
    item.dependsOn
      .filter((id) => !ids.has(id))
      .map((id) => `"${item.id}" depends on ${JSON.stringify(id)}, which is no item.`),
  );
  const cycle = findCycle(items);
  return cycle ? [...unknown, `The items wait for each other: ${cycle.join(" → ")}.`] : unknown;
}

function pathProblems(item: WorkItem, files: readonly string[]): readonly string[] {
  return item.paths.flatMap((path) => {
    const name = `The path ${JSON.stringify(path)} of "${item.id}"`;
    const problem = globProblem(path);
    if (problem !== undefined) return [`${name} was refused: ${problem}.`];
    const isFolder = !isGlob(path) && files.some((file) => file.startsWith(`${path}/`));
    return isFolder ? [`${name} is a folder. Write ${path}/** for all that is in it.`] : [];
  });
}

function overlapProblems(items: readonly WorkItem[], files: readonly string[]): readonly string[] {
  const before = ancestors(items);
  const isOrdered = (a: WorkItem, b: WorkItem) =>
    before.get(a.id)?.has(b.id) === true || before.get(b.id)?.has(a.id) === true;
  return items.flatMap((a, index) =>
    items.slice(index + 1).flatMap((b) => {
      const shared = isOrdered(a, b) ? undefined : sharedPath(a.paths, b.paths, files);
      return shared === undefined
        ? []
        : [
            `"${a.id}" and "${b.id}" may both change ${shared} at the same time. Let one depend on the other, or narrow their paths.`,
          ];
    }),
  );
}

function repeated(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
