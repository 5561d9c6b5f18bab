import { chown, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { overlayDifference } from "../changes/difference.ts";
import { ask, askUntilGone } from "../engine/engine.ts";
import { copyTree } from "./copied-mirror.ts";
import type { Mirror, MirrorParts } from "./mirror.ts";
import { own } from "./ownership.ts";

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
  const o = await mountOptions(parts, { upper, work, uid: names.uid });
  const Labels = { ...names.labels };
  const DriverConfig = { Name: "local", Options: { type: "overlay", device: "overlay", o } };
  const volume = await ask("create a volume", (abortSignal) =>
    docker.createVolume({
      Name: names.volume,
      Driver: DriverConfig.Name,
      DriverOpts: DriverConfig.Options,
      Labels,
      abortSignal,
    }),
  );
  return {
    mount: {
      Type: "volume",
      Source: names.volume,
      Target: "/workspace",
      // Without NoCopy the engine mounts the volume once before and may hand the layer to root. With the rest
      // it makes the same volume again if somebody has pruned it, instead of an empty one that nobody finds.
      VolumeOptions: { NoCopy: true, Labels, DriverConfig },
    } as Docker.MountSettings,
    difference: () => overlayDifference({ ...parts, upper }),
    remove: () => askUntilGone("remove a volume", () => volume.remove()),
  };
}

interface OwnFolders {
  readonly upper: string;
  readonly work: string;
  readonly uid: number;
}

// One page holds all options of a mount, with a zero at its end; of folders the kernel takes some hundreds.
const MAX_OPTION_BYTES = 4_095;
const MAX_LOWER = 50;

async function mountOptions(parts: MirrorParts, folders: OwnFolders): Promise<string> {
  const lower = [...parts.layers, ...parts.tree.folders];
  const options = optionsOver(lower, folders);
  if (lower.length <= MAX_LOWER && Buffer.byteLength(options) <= MAX_OPTION_BYTES) return options;
  // Seldom, and then only as slow as a copy.
  const flat = join(parts.folder, "flat");
  await copyTree({ folders: lower }, flat);
  await own(flat, folders.uid);
  return optionsOver([flat], folders);
}

function optionsOver(lower: readonly string[], { upper, work }: OwnFolders): string {
  return [
    `lowerdir=${lower.map(escaped).join(":")}`,
    `upperdir=${escaped(upper)}`,
    `workdir=${escaped(work)}`,
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
