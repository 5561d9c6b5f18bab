import { readdirSync, readFileSync } from "node:fs";

/** The files of one tree by path. */
export type Tree = Readonly<Record<string, string>>;

/** What a project needs to run its tests. */
export type Runner = "node" | "python" | "rust";

/** One conflict in a project: what each side makes of it, and the test that each side brings. */
export interface Seed {
  readonly name: string;
  /** True where the sides do not touch each other: only the tests can see that they do not go together. */
  readonly isCaught: boolean;
  readonly ours: Tree;
  readonly theirs: Tree;
  readonly tests: Readonly<Record<"ours" | "theirs", string>>;
}

/** A small project whose tests are green, and conflicts in it. */
export interface Project {
  readonly name: string;
  readonly runner: Runner;
  readonly base: Tree;
  readonly seeds: readonly Seed[];
}

interface Section {
  readonly head: string;
  readonly body: string;
}

const FOLDER = new URL("../../../fixtures/merge-seeded/", import.meta.url);

/** All projects of the fixtures. */
export function seededProjects(): readonly Project[] {
  const names = readdirSync(FOLDER).toSorted();
  return names.map((name) => {
    const text = readFileSync(new URL(name, FOLDER), "utf8");
    return projectOf(name.replace(/\.txt$/, ""), sectionsOf(text));
  });
}

function sectionsOf(text: string): readonly Section[] {
  return text
    .split(/^=== /m)
    .slice(1)
    .map((section) => {
      const end = section.indexOf("\n");
      return { head: section.slice(0, end), body: section.slice(end + 1) };
    });
}

function projectOf(name: string, sections: readonly Section[]): Project {
  const base: Record<string, string> = {};
  const seeds: Section[][] = [];
  let runner: Runner = "node";
  for (const section of sections) {
    const [kind, rest] = wordsOf(section.head);
    if (kind === "run") runner = runnerOf(rest);
    else if (kind === "file") base[rest] = section.body;
    else if (kind === "seed") seeds.push([section]);
    else seeds.at(-1)?.push(section);
  }
  return { name, runner, base, seeds: seeds.map((seed) => seedOf(base, seed)) };
}

function seedOf(base: Tree, [title, ...sections]: readonly Section[]): Seed {
  const sides = { ours: { ...base }, theirs: { ...base } };
  const tests = { ours: "", theirs: "" };
  for (const { head, body } of sections) {
    const [side, deed = "", path = ""] = head.split(" ");
    if (side !== "ours" && side !== "theirs") continue;
    if (deed === "test") tests[side] = body;
    else if (deed === "delete") delete sides[side][path];
    else if (deed === "write") sides[side][path] = body;
    else if (deed === "edit") sides[side][path] = edited(sides[side][path], body, head);
    else throw new Error(`Nobody knows what "${head}" means.`);
  }
  const isCaught = sections.some(({ head }) => head === "caught");
  return { name: wordsOf(title?.head ?? "")[1] ?? "", isCaught, ...sides, tests };
}

function edited(text: string | undefined, body: string, head: string): string {
  const [from = "", to = ""] = body.split(/^--->\n/m);
  // Parts of a line may be named without their line.
  const find = text?.includes(from) ? from : from.trimEnd();
  const parts = text?.split(find) ?? [];
  if (parts.length !== 2) throw new Error(`"${head}" is not about exactly one place.`);
  return parts.join(find === from ? to : to.trimEnd());
}

function wordsOf(head: string): readonly [string, string] {
  const at = head.indexOf(" ");
  return at < 0 ? [head, ""] : [head.slice(0, at), head.slice(at + 1)];
}

function runnerOf(name: string): Runner {
  if (name === "node" || name === "python" || name === "rust") return name;
  throw new Error(`There is no runner "${name}".`);
}
