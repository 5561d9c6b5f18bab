import { describe } from "vitest";
import { makeCopiedMirror } from "../../../sandbox/mirror/copied-mirror.ts";
import { makeOverlayMirror } from "../../../sandbox/mirror/overlay-mirror.ts";
import { makeUploadedMirror } from "../../../sandbox/mirror/uploaded-mirror.ts";
import { volumeName } from "../../../sandbox/probe/probe.ts";
import { noDocker } from "../test-sandbox.ts";
import { IMAGE, LIMITS, mirrorContract } from "./mirror.contract.ts";

describe.skipIf(noDocker)("mirrors", { timeout: 120_000 }, () => {
  mirrorContract("an overlay", (parts, { docker, labels, uid }) =>
    makeOverlayMirror(docker, parts, { volume: volumeName(labels), uid, labels: { ...labels } }),
  );
  mirrorContract("a copy", (parts, { uid }) => makeCopiedMirror(parts, uid));
  mirrorContract("an upload", (parts, site) =>
    makeUploadedMirror(parts, {
      ...site,
      image: IMAGE,
      limits: LIMITS,
      volume: volumeName(site.labels),
    }),
  );
});
