import { chown, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { type FrozenView, viewOf } from "../changes/frozen-tree.ts";
import { below, type RawPath } from "../changes/raw-path.ts";
import { type Entry, type Passed, walk } from "../changes/walk.ts";
import { ask, askToRemove } from "../engine/engine.ts";
import type { Difference, ListNames, Mirror, MirrorParts } from "./mirror.ts";

/** Name, owner and labels of what is made in the engine. */
export interface OverlayNames {
  readonly volume: string;
  readonly uid: number;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * A mirror that costs the same at any size: an overlay, mounted by the engine's own volume driver. What is
 * written lands in a layer of its own, and that layer is the change set.
 */
export async function makeOverlayMirror(
  docker: Docker,
  parts: MirrorParts,
  names: OverlayNames,
): Promise<Mirror> {
  const upper = join(parts.folder, "upper");
  const work = join(parts.folder, "work");
  for (const folder of [upper, work]) {
    await mkdir(folder, { recursive: true });
    if (process.getuid?.() === 0) await chown(folder, names.uid, names.uid);
  }
  const volume = await ask("create a volume", (abortSignal) =>
    docker.createVolume({
      Name: names.volume,
      Driver: "local",
      DriverOpts: { type: "overlay", device: "overlay", o: mountOptions(parts, { upper, work }) },
      Labels: { ...names.labels },
      abortSignal,
    }),
  );
  return {
    mount: {
      Type: "volume",
      Source: names.volume,
      Target: "/workspace",
      // Without it the engine mounts the volume once before and may hand the layer to root.
      VolumeOptions: { NoCopy: true },
    } as Docker.MountSettings,
    difference: (listNames) => overlayDifference({ upper, parts, listNames }),
    remove: () => askToRemove("remove a volume", () => volume.remove()),
  };
}

function mountOptions(parts: MirrorParts, own: { upper: string; work: string }): string {
  const lower = [...parts.layers, ...parts.tree.folders];
  return [
    `lowerdir=${lower.map(escaped).join(":")}`,
    `upperdir=${escaped(own.upper)}`,
    `workdir=${escaped(own.work)}`,
    "userxattr",
    "index=on",
    "volatile",
    "nosuid",
    "nodev",
  ].join(",");
}

function escaped(path: string): string {
  return path.replace(/[\\:,]/g, "\\$&");
}

interface Reading {
  readonly upper: string;
  readonly parts: MirrorParts;
  readonly listNames: ListNames;
}

async function overlayDifference({ upper, parts, listNames }: Reading): Promise<Difference> {
  const entries = await walk(upper, parts.pass);
  const view = viewOf(parts.tree);
  const gone = new Set<RawPath>();
  const shared: RawPath[] = [];
  for (const entry of entries) {
    const was = view.at(entry.path);
    if (!was) continue;
    const folderBefore = was.kind === "folder";
    if (folderBefore && entry.kind === "folder") shared.push(entry.path);
    else if (folderBefore || entry.kind === "folder" || entry.kind === "whiteout") {
      await addFilesOf({ view, pass: parts.pass }, entry.path, gone);
    }
  }
  const seen = await listNames(shared);
  await addHidden({ view, pass: parts.pass, shared, seen }, gone);
  return { folder: upper, touched: entries.filter(isContent), gone };
}

interface Before {
  readonly view: FrozenView;
  readonly pass: Passed;
}

interface Shown extends Before {
  readonly shared: readonly RawPath[];
  readonly seen: ReadonlyMap<RawPath, ReadonlySet<RawPath>>;
}

// A folder that was deleted and made again hides all that was in it, by a mark that only some users may
// read. What a command sees there tells the same.
async function addHidden(at: Shown, gone: Set<RawPath>): Promise<void> {
  for (const folder of at.shared) {
    for (const name of at.view.names(folder)) {
      if (!at.seen.get(folder)?.has(name)) await addFilesOf(at, below(folder, name), gone);
    }
  }
}

async function addFilesOf({ view, pass }: Before, path: RawPath, gone: Set<RawPath>) {
  for (const entry of await view.walk(pass, path)) {
    if (entry.kind !== "folder") gone.add(entry.path);
  }
}

function isContent(entry: Entry): boolean {
  return entry.kind !== "folder" && entry.kind !== "whiteout";
}
