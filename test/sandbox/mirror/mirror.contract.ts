import { readFileSync, readlinkSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Difference, Touched } from "../../../sandbox/changes/difference.ts";
import { viewOf } from "../../../sandbox/changes/frozen-tree.ts";
import type { RawPath } from "../../../sandbox/changes/raw-path.ts";
import { execute } from "../../../sandbox/command/execute.ts";
import { containerOptions, type Labels, newLabels } from "../../../sandbox/container/container.ts";
import { DEFAULT_LIMITS } from "../../../sandbox/container/limits.ts";
import type { TakenTree } from "../../../sandbox/mirror/base-trees.ts";
import { copyTree } from "../../../sandbox/mirror/copied-mirror.ts";
import { keepLayers } from "../../../sandbox/mirror/layers.ts";
import type { Mirror, MirrorParts } from "../../../sandbox/mirror/mirror.ts";
import { own, sandboxUid } from "../../../sandbox/mirror/ownership.ts";
import { smallCommits } from "./small-commits.ts";
import { treesOfProcess } from "./tree-process.ts";

export const IMAGE = "nexus-sandbox:latest";
export const LIMITS = { ...DEFAULT_LIMITS, memoryMb: 512, cpus: 1 };
const uid = sandboxUid();
const user = `${uid}:${uid}`;
const docker = new Docker();

export interface MirrorSite {
  readonly docker: Docker;
  readonly labels: Labels;
  readonly uid: number;
}

const FIRST = {
  modified: "one",
  touched: "same",
  deleted: "x",
  "old name": "moved",
  script: "echo",
  "folder-to-file/x": "x",
  "file-to-folder": "x",
  "opaque/a": "a",
  "opaque/deep/b": "b",
  "moved/folder/z": "z",
  "gone/deep/y": "y",
  "before/only": "here once",
  "before-too": "here once",
  "from-delta": "old",
};

const { "before/only": _only, "before-too": _too, ...KEPT } = FIRST;
const SECOND = { ...KEPT, "from-delta": "new", "new/from-delta": "new" };

/** What a command finds, before it changes anything. */
const LOOK = `set -e
cat from-delta new/from-delta node_modules/tool/index.js
test ! -e before && test ! -e before-too
git status --porcelain && git log -1 --format=%s && git show --stat HEAD | tail -1`;

const EDITS = `set -e
echo two > modified; touch -d '2001-01-01' touched; rm deleted; mv 'old name' 'new name'; chmod +x script
rm -r folder-to-file; echo file > folder-to-file; rm file-to-folder; mkdir file-to-folder; echo in > file-to-folder/in
rm -r opaque; mkdir opaque; echo c > opaque/c; mv moved renamed; rm -r gone; ln -s modified link; mkfifo pipe
mkdir -p new/deep; echo d > new/deep/d; echo q > 'quo"te'; echo s > ' space '; echo m > ./-dash; echo e > é
printf nl > "$(printf 'new\\nline')"; printf raw > "$(printf '\\377')"; : > empty; rm from-delta
echo x > node_modules/tool/index.js; git checkout -q -b other`;

const WRITTEN = {
  " space ": "file 644 s\n",
  "-dash": "file 644 m\n",
  empty: "file 644 ",
  "file-to-folder/in": "file 644 in\n",
  "folder-to-file": "file 644 file\n",
  link: "link modified",
  modified: "file 644 two\n",
  "new name": "file 644 moved",
  "new\nline": "file 644 nl",
  "new/deep/d": "file 644 d\n",
  "opaque/c": "file 644 c\n",
  pipe: "other fifo",
  'quo"te': "file 644 q\n",
  "renamed/folder/z": "file 644 z",
  script: "file 755 echo",
  touched: "file 644 same",
  "\u00c3\u00a9": "file 644 e\n",
  "\u00ff": "file 644 raw",
};

const GONE = [
  "deleted",
  "file-to-folder",
  "folder-to-file/x",
  "from-delta",
  "gone/deep/y",
  "moved/folder/z",
  "old name",
  "opaque/a",
  "opaque/deep/b",
];

/** What every mirror does, over a tree of two folders with installed files above it. */
export function mirrorContract(
  name: string,
  make: (parts: MirrorParts, site: MirrorSite) => Promise<Mirror>,
): void {
  describe(name, () => {
    let folder: string;
    let tree: TakenTree;
    let before: Record<string, string>;
    let mirror: Mirror;
    let container: Docker.Container;
    const labels = newLabels({ owner: "test-mirrors", process: "0123456789abcdef", taskId: "t1" });

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), "nexus-mirror-"));
      const trees = treesOfProcess(folder);
      const { gitDir, commits } = await smallCommits(join(folder, "git"), [FIRST, SECOND]);
      const [first = "", second = ""] = commits;
      await (await trees.take({ gitDir, commit: first })).release();
      tree = await trees.take({ gitDir, commit: second });
      const installed = await smallCommits(join(folder, "installed"), [
        { "node_modules/tool/index.js": "tool" },
      ]);
      const layer = join(folder, "layer");
      const other = await trees.take({
        gitDir: installed.gitDir,
        commit: installed.commits[0] ?? "",
      });
      await copyTree(other.tree, layer);
      await rm(join(layer, ".git"), { recursive: true });
      await own(layer, uid);
      before = await bytesOfTree(tree);
      const session = await keepLayers(docker, {
        folder: join(folder, "layers"),
        image: IMAGE,
      }).create(labels["nexus.session"]);
      const pass = (path: RawPath) => path === ".git" || path === "node_modules";
      mirror = await make(
        { folder: session, tree: tree.tree, layers: [layer], pass },
        { docker, labels, uid },
      );
      container = await docker.createContainer(
        containerOptions({ image: IMAGE, user, mount: mirror.mount, limits: LIMITS, labels }),
      );
      await container.start();
    });
    afterAll(async () => {
      await container?.remove({ force: true, v: true });
      await mirror?.remove();
      await keepLayers(docker, { folder: join(folder, "layers"), image: IMAGE }).remove(
        labels["nexus.session"],
      );
      await rm(folder, { recursive: true, force: true });
    });

    it("shows the files of the commit with what is installed, and git finds them as they should be", async () => {
      expect(tree.tree.folders).toHaveLength(2);

      const { output, exitCode } = await run(container, LOOK);

      expect(output).toBe("newnewtool?? node_modules/\n1\n 13 files changed, 13 insertions(+)\n");
      expect(exitCode).toBe(0);
    });

    it("tells what was written and what is gone, and leaves the commit as it was", async () => {
      const { output, exitCode } = await run(container, EDITS);
      expect([output, exitCode]).toEqual(["", 0]);

      const difference = await mirror.difference();

      expect(writtenIn(difference)).toEqual(WRITTEN);
      expect([...(await difference.gone())].sort()).toEqual(GONE);
      expect(difference.before.at("modified")?.kind).toBe("file");
      expect(await bytesOfTree(tree)).toEqual(before);
    });
  });
}

/** Runs a script in a started container. */
export async function run(container: Docker.Container, script: string) {
  const chunks: Buffer[] = [];
  const { exitCode } = await execute(container, {
    argv: ["/bin/sh", "-c", script],
    user,
    timeoutMs: 120_000,
    signal: new AbortController().signal,
    onPayload: (chunk) => chunks.push(Buffer.from(chunk)),
  });
  return { exitCode, output: Buffer.concat(chunks).toString() };
}

function writtenIn({ touched }: Difference): Record<string, string> {
  return Object.fromEntries(touched.map((entry) => [entry.path, told(entry)]));
}

function told({ kind, place, stats }: Touched): string {
  if (kind === "link") return `link ${readlinkSync(place, "utf8")}`;
  if (kind !== "file") return `${kind} ${stats.isFIFO() ? "fifo" : ""}`;
  return `file ${(stats.mode & 0o7777n).toString(8)} ${readFileSync(place, "utf8")}`;
}

async function bytesOfTree({ tree }: TakenTree): Promise<Record<string, string>> {
  const entries = await viewOf(tree).walk(() => false);
  const files = entries.filter(({ kind }) => kind === "file");
  const read = files.map(async ({ path, place }) => [path, await readFile(place, "latin1")]);
  return Object.fromEntries(await Promise.all(read));
}
