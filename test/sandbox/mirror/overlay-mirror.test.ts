import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { describe, expect, it, onTestFinished } from "vitest";
import { containerOptions, newLabels } from "../../../sandbox/container/container.ts";
import { makeOverlayMirror } from "../../../sandbox/mirror/overlay-mirror.ts";
import { sandboxUid } from "../../../sandbox/mirror/ownership.ts";
import { volumeName } from "../../../sandbox/probe/probe.ts";
import { checkoutInto } from "../../../src/git/checkout.ts";
import { randomHistory } from "../../src/git/random-history.ts";
import { noDocker } from "../test-sandbox.ts";
import { IMAGE, LIMITS, run } from "./mirror.contract.ts";
import { treesOfProcess } from "./tree-process.ts";

const SHARED = "cat shared; echo; ls | wc -l; echo x > written";
// Kinds, modes, links and names, then all bytes.
const LISTING = `find . -mindepth 1 -path ./.git -prune -o -printf '%y %m %l %P\\0' | sort -z
find . -path ./.git -prune -o -type f -print0 | sort -z | xargs -0 cat | sha1sum`;

const docker = new Docker();
const uid = sandboxUid();

/** Frozen folders, the first of them highest: each holds a file of its own, and one that all of them hold. */
async function frozenFolders(root: string, count: number): Promise<string[]> {
  const folders = Array.from({ length: count }, (_, at) => join(root, `frozen-${at}`));
  for (const [at, folder] of folders.entries()) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `own-${at}`), "");
    await writeFile(join(folder, "shared"), String(at));
  }
  return folders;
}

async function shownBy(frozen: readonly string[], folder: string, script: string): Promise<string> {
  const labels = newLabels({ owner: "test-mirrors", process: "0123456789abcdef", taskId: "t1" });
  const parts = {
    folder,
    tree: { folders: frozen.slice(1) },
    layers: frozen.slice(0, 1),
    pass: () => false,
  };
  const names = { volume: volumeName(labels), uid, labels: { ...labels } };
  const mirror = await makeOverlayMirror(docker, parts, names);
  onTestFinished(() => mirror.remove());
  const user = `${uid}:${uid}`;
  const container = await docker.createContainer(
    containerOptions({ image: IMAGE, user, mount: mirror.mount, limits: LIMITS, labels }),
  );
  try {
    await container.start();
    return (await run(container, script)).output;
  } finally {
    await container.remove({ force: true, v: true });
  }
}

async function temporaryFolder(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), name));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

describe.skipIf(noDocker)("an overlay", { timeout: 120_000 }, () => {
  it("has room for many folders, whatever characters their names hold", async () => {
    const folder = await temporaryFolder("nexus-overlay,odd:name\\-");
    const frozen = await frozenFolders(folder, 12);

    const shown = await shownBy(frozen, join(folder, "own"), SHARED);

    expect(shown).toBe("0\n13\n");
    expect(await readdir(join(folder, "own", "upper"))).toEqual(["written"]);
  });

  it("shows of a stack of deltas what a checkout of the last one holds, and git finds it clean", async () => {
    const folder = await temporaryFolder("nexus-overlay-");
    const { gitDir, commits } = await randomHistory(7, 11);
    const trees = treesOfProcess(folder);
    const taken = [];
    for (const commit of commits) taken.push(await trees.take({ gitDir, commit }));
    const last = taken.at(-1)?.tree.folders ?? [];
    const fresh = join(folder, "fresh");
    await checkoutInto({ gitDir, commit: commits.at(-1) ?? "", folder: fresh });

    const shown = await shownBy(last, join(folder, "own"), `${LISTING}\ngit status --porcelain`);

    expect(last).toHaveLength(11);
    expect(shown).toBe(execFileSync("/bin/sh", ["-c", LISTING], { cwd: fresh, encoding: "utf8" }));
  });

  it("puts more folders than a mount takes into one first", async () => {
    const folder = await temporaryFolder("nexus-overlay-");
    const frozen = await frozenFolders(folder, 60);

    const shown = await shownBy(frozen, join(folder, "own"), SHARED);

    expect(shown).toBe("0\n61\n");
    expect((await readdir(join(folder, "own"))).sort()).toEqual(["flat", "upper", "work"]);
  });
});
