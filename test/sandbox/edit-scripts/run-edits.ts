// Runs inside the container: reads edit scripts from standard input, does what they say, and writes what the
// tree looks like afterwards, as git would name it. Plain Node, for no other file can be imported there.
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { dirname } from "node:path";
import { gzipSync } from "node:zlib";

/** One edit. What cannot be done, because of edits before, is left out. */
export type EditStep =
  | { readonly do: "write"; readonly path: string; readonly hex: string }
  | { readonly do: "append"; readonly path: string; readonly hex: string }
  | { readonly do: "truncate"; readonly path: string; readonly size: number }
  | { readonly do: "mkdir"; readonly path: string }
  | { readonly do: "remove"; readonly path: string }
  | { readonly do: "move"; readonly path: string; readonly to: string }
  | { readonly do: "copy"; readonly path: string; readonly to: string }
  | { readonly do: "hardlink"; readonly path: string; readonly to: string }
  | { readonly do: "link"; readonly path: string; readonly target: string }
  | { readonly do: "chmod"; readonly path: string; readonly mode: number }
  | { readonly do: "touch"; readonly path: string };

function ready(path: string): string {
  fs.mkdirSync(dirname(path), { recursive: true });
  return path;
}

function move(from: string, to: string): void {
  try {
    fs.renameSync(from, ready(to));
  } catch (error) {
    // An overlay cannot rename the folders of its lower layers; then one copies, as mv does.
    if (!(error instanceof Error && "code" in error && error.code === "EXDEV")) throw error;
    copy(from, to);
    fs.rmSync(from, { recursive: true });
  }
}

// Node's own copy writes other targets into links.
function copy(from: string, to: string): void {
  const stats = fs.lstatSync(from);
  if (!stats.isDirectory()) {
    if (stats.isSymbolicLink()) fs.symlinkSync(fs.readlinkSync(from), to);
    else fs.copyFileSync(from, to);
    return;
  }
  // A copy of a folder into itself would never end.
  if (`${fs.realpathSync(dirname(to))}/`.startsWith(`${fs.realpathSync(from)}/`)) {
    throw new Error("A folder does not fit into itself.");
  }
  fs.mkdirSync(to, { recursive: true });
  for (const name of fs.readdirSync(from)) copy(`${from}/${name}`, `${to}/${name}`);
}

// A folder nobody may enter is refused as a whole, so folders stay open.
function chmod(path: string, mode: number): void {
  fs.chmodSync(path, fs.statSync(path).isDirectory() ? 0o755 : mode);
}

const EDITS: {
  readonly [Kind in EditStep["do"]]: (step: Extract<EditStep, { do: Kind }>) => void;
} = {
  write: ({ path, hex }) => fs.writeFileSync(ready(path), Buffer.from(hex, "hex")),
  append: ({ path, hex }) => fs.appendFileSync(ready(path), Buffer.from(hex, "hex")),
  truncate: ({ path, size }) => fs.truncateSync(path, size),
  mkdir: ({ path }) => fs.mkdirSync(path, { recursive: true }),
  remove: ({ path }) => fs.rmSync(path, { recursive: true }),
  move: ({ path, to }) => move(path, to),
  copy: ({ path, to }) => copy(path, ready(to)),
  hardlink: ({ path, to }) => fs.linkSync(path, ready(to)),
  link: ({ path, target }) => fs.symlinkSync(target, ready(path)),
  chmod: ({ path, mode }) => chmod(path, mode),
  touch: ({ path }) => fs.utimesSync(path, 1, 1),
};

function entryOf(path: string): string {
  const stats = fs.lstatSync(path);
  const isLink = stats.isSymbolicLink();
  const content = isLink ? fs.readlinkSync(path, { encoding: "buffer" }) : fs.readFileSync(path);
  const fileMode = stats.mode & 0o100 ? "100755" : "100644";
  const id = createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
  return `${isLink ? "120000" : fileMode} ${id} ${path}`;
}

function treeOf(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "." ? entry.name : `${folder}/${entry.name}`;
    if (path === ".git") return [];
    return entry.isDirectory() ? treeOf(path) : [entryOf(path)];
  });
}

const steps: EditStep[] = JSON.parse(fs.readFileSync(0, "utf8"));
let done = 0;
for (const step of steps) {
  try {
    // The key is the kind of the step, which no compiler can follow.
    (EDITS[step.do] as (step: EditStep) => void)(step);
    done += 1;
  } catch {
    // Edits are made without knowledge of what is there.
  }
}
const seen = JSON.stringify({ done, tree: treeOf(".").sort() });
process.stdout.write(`${gzipSync(seen).toString("base64")}\n`);
