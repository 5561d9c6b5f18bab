import type { Labels } from "./container/container.ts";
import { makeCopiedMirror } from "./mirror/copied-mirror.ts";
import type { Mirror, MirrorParts } from "./mirror/mirror.ts";
import { makeOverlayMirror } from "./mirror/overlay-mirror.ts";
import { makeUploadedMirror } from "./mirror/uploaded-mirror.ts";
import { volumeName } from "./probe/probe.ts";
import type { Site } from "./site.ts";

/** Makes a mirror in the way that this site's engine allows. */
export async function makeMirror(site: Site, parts: MirrorParts, labels: Labels): Promise<Mirror> {
  const { docker, uid, limits, image } = site;
  const volume = volumeName(labels);
  switch (site.mirror) {
    case "overlay":
      return await makeOverlayMirror(docker, parts, { volume, uid, labels: { ...labels } });
    case "copy":
      return await makeCopiedMirror(parts, uid);
    case "upload":
      return await makeUploadedMirror(parts, { docker, image, uid, limits, labels, volume });
    default:
      return site.mirror satisfies never;
  }
}
