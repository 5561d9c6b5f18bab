import { chown, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { below, type RawPath, statAt } from "../changes/raw-path.ts";
import { type Entry, kindOf, namesIn, walk } from "../changes/walk.ts";
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
  const lower = [parts.dependencies, parts.base].filter((folder) => folder !== undefined);
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
  const gone = new Set<RawPath>();
  const shared: RawPath[] = [];
  for (const entry of entries) {
    const was = await statAt(parts.base, entry.path);
    if (!was) continue;
    const folderBefore = kindOf(was) === "folder";
    if (folderBefore && entry.kind === "folder") shared.push(entry.path);
    else if (folderBefore || entry.kind === "folder" || entry.kind === "whiteout") {
      await addFilesOf(parts, entry.path, gone);
    }
  }
  await addHidden({ parts, shared, seen: await listNames(shared) }, gone);
  return { folder: upper, touched: entries.filter(isContent), gone };
}

// A folder that was deleted and made again hides all that was in it, by a mark that only some users may
// read. What a command sees there tells the same.
async function addHidden(
  at: {
    parts: MirrorParts;
    shared: readonly RawPath[];
    seen: ReadonlyMap<RawPath, ReadonlySet<RawPath>>;
  },
  gone: Set<RawPath>,
): Promise<void> {
  for (const folder of at.shared) {
    for (const name of await namesIn(at.parts.base, folder)) {
      if (!at.seen.get(folder)?.has(name)) await addFilesOf(at.parts, below(folder, name), gone);
    }
  }
}

async function addFilesOf(parts: MirrorParts, path: RawPath, gone: Set<RawPath>): Promise<void> {
  const stats = await statAt(parts.base, path);
  if (!stats || parts.pass(path)) return;
  if (kindOf(stats) !== "folder") {
    gone.add(path);
    return;
  }
  for (const entry of await walk(parts.base, parts.pass, path)) {
    if (entry.kind !== "folder") gone.add(entry.path);
  }
}

function isContent(entry: Entry): boolean {
  return entry.kind !== "folder" && entry.kind !== "whiteout";
}
