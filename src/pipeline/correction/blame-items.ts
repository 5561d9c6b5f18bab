import type { Mirror } from "../../core/git.ts";
import type { FailingPlace, Frame } from "../../healing/places/place.ts";
import type { BranchCommit } from "../task-state.ts";
import type { RedCheck } from "./red-places.ts";

/** A work item with the places that it is to blame for. */
export interface Blamed {
  readonly item: string;
  readonly places: readonly FailingPlace[];
}

/** Where blame is looked for. */
export interface Branch {
  readonly mirror: Pick<Mirror, "blame">;
  /** What the branch stands on. */
  readonly base: string;
  readonly head: string;
  readonly commits: readonly BranchCommit[];
}

/** How far from a place a change may be that made it fail. */
const NEAR = 3;
const MOST_FRAMES = 6;
const TEST_FILE =
  /(?:^|\/)(?:tests?|__tests__|spec)\/|(?:^|\/)test_[^/]*$|[._-](?:test|spec)s?\.\w+$|(?:_test|Test|Tests)\.\w+$/;

/**
 * The work items that the failing places lead to, the most blamed first. A line leads to whoever touched it last; the
 * code below a test comes before the test. Where no place leads anywhere: the items whose files a red check names.
 * Empty where that is nobody, too.
 */
export async function blameItems(
  red: readonly RedCheck[],
  branch: Branch,
): Promise<readonly Blamed[]> {
  const found = new Map<string, FailingPlace[]>();
  for (const place of red.flatMap(({ places }) => places)) {
    const item = await ownerOf(place, branch);
    if (item !== undefined) found.set(item, [...(found.get(item) ?? []), place]);
  }
  if (found.size === 0) return namedIn(red.map(({ check }) => check.output).join("\n"), branch);
  return [...found]
    .map(([item, places]) => ({ item, places }))
    .toSorted((a, b) => b.places.length - a.places.length);
}

async function ownerOf(place: FailingPlace, branch: Branch): Promise<string | undefined> {
  const { file, line } = place;
  const here = file === undefined || line === undefined ? [] : [{ file, line }];
  const stack = [...here, ...place.frames].slice(0, MOST_FRAMES);
  const code = stack.filter((frame) => !TEST_FILE.test(frame.file));
  const isTest = place.test !== undefined || (file !== undefined && TEST_FILE.test(file));
  const ways = [
    () => ownerOfLines(code, 0, branch),
    () => (isTest && file !== undefined ? ownerOfTested(file, branch) : undefined),
    () => ownerOfLines(stack, 0, branch),
    () => ownerOfLines(here, NEAR, branch),
    () => ownerOfFiles(file === undefined ? [] : [file, ...stack.map((at) => at.file)], branch),
    () => namedIn(`${place.message}\n${place.excerpt}`, branch)[0]?.item,
  ];
  for (const way of ways) {
    const item = await way();
    if (item !== undefined) return item;
  }
  return undefined;
}

/** Whose commit touched the first of these lines that anybody touched. */
async function ownerOfLines(
  frames: readonly Frame[],
  near: number,
  { mirror, base, head, commits }: Branch,
): Promise<string | undefined> {
  const items = new Map(commits.map(({ changeSet, item }) => [changeSet.commit, item]));
  for (const { file, line } of frames) {
    const [from, to] = [Math.max(1, line - near), line + near];
    const lines = await mirror.blame({ commit: head, since: base, path: file, from, to });
    const nearest = lines
      .filter(({ commit }) => items.get(commit) !== undefined)
      .toSorted((a, b) => Math.abs(a.line - line) - Math.abs(b.line - line));
    const [first] = nearest;
    if (first) return items.get(first.commit);
  }
  return undefined;
}

/** Who changed the file that a test is called after. */
function ownerOfTested(test: string, branch: Branch): string | undefined {
  const tested = stemOf(test);
  return lastToChange(branch, (path) => !TEST_FILE.test(path) && stemOf(path) === tested);
}

function ownerOfFiles(files: readonly string[], branch: Branch): string | undefined {
  return lastToChange(branch, (path) => files.includes(path));
}

function lastToChange({ commits }: Branch, is: (path: string) => boolean): string | undefined {
  const changes = commits.filter(({ item }) => item !== undefined);
  return changes.findLast(({ changeSet }) => changeSet.files.some(({ path }) => is(path)))?.item;
}

/** `test/cart.test.ts`, `cart_test.go`, `test_cart.py` and `CartTest.java` are about `cart`. */
function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name
    .replace(/\..*$/, "")
    .replace(/^test_|[_-](?:test|spec)s?$|(?<=[a-z0-9])Tests?$/, "")
    .toLowerCase();
}

/** The items of which a text names a changed file, by its path or its name. */
function namedIn(text: string, { commits }: Branch): readonly Blamed[] {
  const words = new Set(text.split(/[\s"'`()[\]{}<>,;|=]+|:(?=\D|$)|(?<=\D):/).flatMap(asNames));
  const named = commits.flatMap(({ item, changeSet }) =>
    item !== undefined &&
    changeSet.files.some(({ path }) => asNames(path).some((name) => words.has(name)))
      ? [item]
      : [],
  );
  return [...new Set(named)].map((item) => ({ item, places: [] }));
}

function asNames(word: string): string[] {
  const path = word.replace(/^(?:\.\/)+/, "").replace(/:\d.*$/, "");
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.includes(".") ? [path, name] : [];
}
