import type { Definition } from "../core/definitions.ts";
import type { Check, Plan, WorkItem } from "../core/plan.ts";
import { visible } from "../core/untrusted.ts";
import { ancestors, findCycle } from "./dependency-graph.ts";
import { isGlob, matchesGlob } from "./glob.ts";
import { sharedPaths } from "./path-overlap.ts";
import { twinProblems } from "./path-twins.ts";
import { judgeCommand } from "./policy/judge-command.ts";
import { globProblem } from "./safe-path.ts";
import { splitProblem } from "./symbol-split.ts";

// Every pattern is held against every file of the repository.
const MAX_PATTERNS = 200;
const MAX_PROBLEMS = 20;

/** What a plan is held against. */
export interface Repository {
  /** Paths of all its files. */
  readonly files: readonly string[];
  /** Programs, or programs with their first words, that it forbids. */
  readonly deny?: readonly string[] | undefined;
  /** The named parts of a file; undefined where there is no such file, or no parser that reads all of it. */
  definitions(path: string): Promise<readonly Definition[] | undefined>;
}

/** What is wrong with a plan beyond its schema, in words for the model. Nothing when it can be worked on. */
export async function planProblems(plan: Plan, repository: Repository): Promise<readonly string[]> {
  const { files, deny = [] } = repository;
  const checks = checksOf(plan);
  const shape = [
    ...repeated(plan.items.map((item) => item.id)).map((id) => `Two items have the id "${id}".`),
    ...repeated(checks.map(({ name }) => name)).map(
      (name) => `Two checks have the name ${JSON.stringify(name)}.`,
    ),
    ...checks.flatMap((check) => checkProblem(check, deny)),
    ...orderProblems(plan.items),
    ...plan.items.flatMap((item) => itemProblems(item, files)),
    ...twinProblems(plan.items, files),
    ...wordProblems(plan),
  ];
  if (plan.items.flatMap((item) => item.paths).length > MAX_PATTERNS) {
    shape.push(`The plan has more than ${MAX_PATTERNS} paths in all. Use globs.`);
  }
  // Overlaps are only known where order and paths are sound.
  const problems = shape.length > 0 ? shape : await overlapProblems(plan.items, repository);
  const rest = problems.length - MAX_PROBLEMS;
  return rest > 0 ? [...problems.slice(0, MAX_PROBLEMS), `And ${rest} more.`] : problems;
}

/** What is run for the plan and for its items: their names tell results apart. */
function checksOf({ checks, items }: Plan): readonly Check[] {
  return [...checks, ...items.flatMap(({ acceptance }) => (acceptance ? [acceptance] : []))];
}

/** The architect is an agent too: what it names to be run passes the same policy. */
function checkProblem({ name, command }: Check, deny: readonly string[]): readonly string[] {
  const check = `The check ${JSON.stringify(name)}`;
  if (/^(?:\s|#[^\n]*(?:\n|$))*$/.test(command)) return [`${check} runs nothing.`];
  const judgement = judgeCommand(command, deny);
  if (judgement.kind === "allowed") return [];
  return [`${check} was refused by policy: ${judgement.why}.`];
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

function itemProblems(item: WorkItem, files: readonly string[]): readonly string[] {
  return [
    ...item.paths.flatMap((path) => pathProblems(path, item, files)),
    ...(item.reads ?? []).flatMap((path) => {
      const problem = globProblem(path);
      const name = `The path ${JSON.stringify(path)} in \`reads\` of "${item.id}"`;
      return problem === undefined ? [] : [`${name} was refused: ${problem}.`];
    }),
    ...(item.symbols ?? []).flatMap(({ path }) => symbolProblems(path, item)),
    ...testProblems(item),
  ];
}

function pathProblems(path: string, { id }: WorkItem, files: readonly string[]): readonly string[] {
  const name = `The path ${JSON.stringify(path)} of "${id}"`;
  // Models often write these two: to be told what to write spares them a guess.
  if (path.startsWith("./")) return [`${name} was refused. Write it without "./".`];
  const folder = path.replace(/\/$/, "");
  const problem = globProblem(folder);
  if (problem !== undefined) return [`${name} was refused: ${problem}.`];
  const isFolder =
    folder !== path || (!isGlob(path) && files.some((file) => file.startsWith(`${path}/`)));
  return isFolder ? [`${name} is a folder. Write ${folder}/** for all that is in it.`] : [];
}

function symbolProblems(path: string, { id, paths }: WorkItem): readonly string[] {
  const name = `\`symbols\` of "${id}" names ${JSON.stringify(path)}`;
  if (isGlob(path)) return [`${name}, which is a pattern. Name one file.`];
  return paths.some((glob) => matchesGlob(glob, path))
    ? []
    : [`${name}, which is not among its paths.`];
}

const TESTS = /(?:^|[/{,._-])(?:tests?|__tests__|specs?|e2e|cypress|conftest)(?:[/.},_-]|$)/i;
const TEST_CLASS = /Tests?\.(?:java|kt|cs|php|swift)$/;

/** Whether a path or pattern says that it is about tests. */
function isAboutTests(path: string): boolean {
  return TESTS.test(path) || TEST_CLASS.test(path);
}

function testProblems({ id, department, acceptance, paths }: WorkItem): readonly string[] {
  if (department !== "qa" || acceptance || paths.some(isAboutTests)) return [];
  return [`"${id}" is for qa, but it has no \`acceptance\` and no tests among its paths.`];
}

/** What people are to read must hold something that they can see. */
function wordProblems({ questions = [], risks = [] }: Plan): readonly string[] {
  const empty = (texts: readonly string[], what: string) =>
    texts.flatMap((text, index) =>
      visible(text).trim() === "" ? [`${what} ${index + 1} holds no visible text.`] : [],
    );
  return [
    ...empty(questions, "Question"),
    ...empty(risks, "Risk"),
    ...repeated(questions.map((text) => visible(text).trim())).map(
      (text) => `The question ${JSON.stringify(text)} is asked twice.`,
    ),
  ];
}

async function overlapProblems(
  items: readonly WorkItem[],
  repository: Repository,
): Promise<readonly string[]> {
  const before = ancestors(items);
  const isOrdered = (a: WorkItem, b: WorkItem) =>
    before.get(a.id)?.has(b.id) === true || before.get(b.id)?.has(a.id) === true;
  const pairs = items.flatMap((a, index) => items.slice(index + 1).map((b) => ({ a, b })));
  const problems: string[] = [];
  for (const { a, b } of pairs.filter((pair) => !isOrdered(pair.a, pair.b))) {
    const problem = await overlapProblem(a, b, repository);
    if (problem !== undefined) problems.push(problem);
  }
  return problems;
}

async function overlapProblem(
  a: WorkItem,
  b: WorkItem,
  { files, definitions }: Repository,
): Promise<string | undefined> {
  const both = `"${a.id}" and "${b.id}" may both change`;
  const way = "Let one depend on the other, or narrow their paths";
  for (const path of sharedPaths(a.paths, b.paths, files)) {
    if (isGlob(path)) return `${both} ${path} at the same time. ${way}.`;
    const why = splitProblem({ a, b, path, definitions: await definitions(path) });
    if (why === undefined) continue;
    return `${both} ${path} at the same time, and ${why}. ${way}, or give each symbols of its own in it.`;
  }
  return undefined;
}

function repeated(values: readonly string[]): readonly string[] {
  return [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
}
