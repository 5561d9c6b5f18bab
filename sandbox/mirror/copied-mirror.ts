import { constants } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import type { RawPath } from "../changes/raw-path.ts";
import { type Entry, walk } from "../changes/walk.ts";
import type { Difference, Mirror, MirrorParts } from "./mirror.ts";
import { own } from "./ownership.ts";

/**
 * A mirror for engines without overlay volumes: a plain copy, so its cost grows with the repository. What
 * was written is told by the change time, which no command can set.
 */
export async function makeCopiedMirror(parts: MirrorParts, uid: number): Promise<Mirror> {
  const copy = join(parts.folder, "copy");
  for (const source of [...parts.layers, ...parts.tree.folders].reverse()) {
    await cp(source, copy, {
      recursive: true,
      verbatimSymlinks: true,
      preserveTimestamps: true,
      mode: constants.COPYFILE_FICLONE,
    });
  }
  await own(copy, uid);
  const before = contentOf(await walk(copy, parts.pass));
  return {
    mount: { Type: "bind", Source: copy, Target: "/workspace" } as Docker.MountSettings,
    difference: () => copyDifference({ copy, parts, before }),
    remove: async () => undefined,
  };
}

interface Comparison {
  readonly copy: string;
  readonly parts: MirrorParts;
  readonly before: ReadonlyMap<RawPath, Entry>;
}

async function copyDifference({ copy, parts, before }: Comparison): Promise<Difference> {
  const after = contentOf(await walk(copy, parts.pass));
  const touched = [...after.values()].filter((entry) => !isSame(before.get(entry.path), entry));
  const gone = new Set([...before.keys()].filter((path) => !after.has(path)));
  return { folder: copy, touched, gone };
}

function contentOf(entries: readonly Entry[]): Map<RawPath, Entry> {
  const content = entries.filter((entry) => entry.kind !== "folder");
  return new Map(content.map((entry) => [entry.path, entry]));
}

function isSame(before: Entry | undefined, after: Entry): boolean {
  return (
    before !== undefined &&
    before.stats.ino === after.stats.ino &&
    before.stats.ctimeNs === after.stats.ctimeNs &&
    before.stats.size === after.stats.size &&
    before.stats.mode === after.stats.mode
  );
}
