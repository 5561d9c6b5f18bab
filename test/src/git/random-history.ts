import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { git, temporaryFolder } from "./sample-repository.ts";

/** A file of a commit. A path is bytes, one character each. */
interface Content {
  readonly mode: string;
  readonly data: string;
}

type Tree = Map<string, Content>;

export interface History {
  readonly gitDir: string;
  /** Each with the one before it as its parent. */
  readonly commits: readonly string[];
}

const NAMES = ["a", "b", "c", "d", "é", "new\nline", 'quo"te', "-dash", " space ", "back\\slash"];
const ODD = [...NAMES.slice(0, 4), "\xff\xfe", "x".repeat(255), "*", "tab\there", "ü", "a.b"];

/** Random numbers that are the same at every run. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    const mixed = Math.imul(state ^ (state >>> 13), 0x297a2d39) >>> 0;
    return ((mixed ^ (mixed >>> 16)) >>> 0) % below;
  };
}

/** A repository of commits, each a few random edits after the last: swaps of files, links and folders, whole folders gone, odd names. */
export async function randomHistory(seed: number, length: number): Promise<History> {
  const random = randomNumbers(seed);
  const gitDir = join(await temporaryFolder(), "history.git");
  execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", gitDir]);
  const tree: Tree = new Map();
  for (let made = 0; made < 40; made += 1) edit(tree, random, true);
  const stream: Buffer[] = [];
  for (let at = 0; at < length; at += 1) {
    stream.push(commitOf(tree, at));
    for (let made = 1 + random(8); made > 0; made -= 1) edit(tree, random, false);
  }
  git(
    gitDir,
    ["fast-import", "--quiet", "--done"],
    Buffer.concat([...stream, Buffer.from("done\n")]),
  );
  const commits = git(gitDir, ["rev-list", "--reverse", "main"]).split("\n");
  return { gitDir, commits };
}

type Random = (below: number) => number;

function edit(tree: Tree, random: Random, onlyAdd: boolean): void {
  const paths = [...tree.keys()].sort();
  const some = paths[random(Math.max(paths.length, 1))] ?? "a";
  const folder = some.includes("/") ? some.slice(0, some.lastIndexOf("/")) : some;
  const edits = [
    () => put(tree, anyPath(random), anyContent(random)),
    () => put(tree, some, anyContent(random)),
    () => remove(tree, some),
    () => remove(tree, folder),
    // A folder becomes something else, or something else a folder.
    () => put(tree, folder, anyContent(random)),
    () => put(tree, `${some}/${anyPath(random)}`, anyContent(random)),
    () => move(tree, folder, anyPath(random)),
  ];
  edits[onlyAdd ? 0 : random(edits.length)]?.();
}

function move(tree: Tree, from: string, to: string): void {
  const moved = [...tree].filter(([path]) => path === from || path.startsWith(`${from}/`));
  remove(tree, from);
  for (const [path, content] of moved) put(tree, `${to}${path.slice(from.length)}`, content);
}

/** Nothing else stays at the path, below it or on the way to it. */
function put(tree: Tree, path: string, content: Content): void {
  if (path.length > 1500) return;
  remove(tree, path);
  for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1))
    tree.delete(path.slice(0, at));
  tree.set(path, content);
}

function remove(tree: Tree, path: string): void {
  for (const other of tree.keys())
    if (other === path || other.startsWith(`${path}/`)) tree.delete(other);
}

function anyPath(random: Random): string {
  const name = () => ODD[random(ODD.length)] ?? "a";
  const other = () => Buffer.from(NAMES[random(NAMES.length)] ?? "b").toString("latin1");
  const parts = Array.from({ length: 1 + random(4) }, () => (random(2) === 0 ? name() : other()));
  return parts.join("/");
}

function anyContent(random: Random): Content {
  const kind = random(8);
  if (kind === 0) return { mode: "120000", data: ["a", "../b", "a/b/c", "é"][random(4)] ?? "a" };
  if (kind === 1) return { mode: "160000", data: "1".repeat(39) + random(10) };
  const mode = kind === 2 ? "100755" : "100644";
  return { mode, data: `${random(5)}\n`.repeat(random(4)) };
}

function commitOf(tree: Tree, at: number): Buffer {
  const who = `Ada <ada@example.org> ${1_700_000_000 + at} +0000`;
  const files = [...tree].flatMap(([path, { mode, data }]) =>
    mode === "160000"
      ? [bytes(`M ${mode} ${data} ${quoted(path)}\n`)]
      : [
          bytes(`M ${mode} inline ${quoted(path)}\ndata ${Buffer.byteLength(data)}\n`),
          Buffer.from(data),
          bytes("\n"),
        ],
  );
  return Buffer.concat([
    bytes(`commit refs/heads/main\ncommitter ${who}\ndata 1\n${at % 10}\ndeleteall\n`),
    ...files,
  ]);
}

function bytes(text: string): Buffer {
  return Buffer.from(text, "latin1");
}

function quoted(path: string): string {
  const octal = (byte: number) => `\\${byte.toString(8).padStart(3, "0")}`;
  return `"${[...bytes(path)].map(octal).join("")}"`;
}
