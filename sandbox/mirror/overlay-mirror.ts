import { chown, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { overlayDifference } from "../changes/difference.ts";
import { ask, askToRemove } from "../engine/engine.ts";
import type { Mirror, MirrorParts } from "./mirror.ts";

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
    difference: () => overlayDifference({ ...parts, upper }),
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
