import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { bytesOf, placeOf, type RawPath, statAt } from "../changes/raw-path.ts";
import type { Labels } from "../container/container.ts";
import type { SandboxLimits } from "../container/limits.ts";
import { makeUploadedMirror } from "../mirror/uploaded-mirror.ts";
import { volumeName } from "../probe/probe.ts";

/** The folder of a set-up as its container sees it. */
export interface SetUpWorkspace extends AsyncDisposable {
  readonly mount: Docker.MountSettings;
  /** Where everything that is to be kept lies on this machine, once the container has ended. */
  collect(): Promise<string>;
}

/** Where a set-up's workspace is made. */
export interface WorkspaceSite {
  readonly docker: Docker;
  readonly image: string;
  readonly uid: number;
  readonly limits: SandboxLimits;
  readonly labels: Labels;
  /** Folder of this machine, filled. */
  readonly workspace: string;
}

/** A workspace that the engine sees under the same path. */
export function sharedWorkspace({ workspace }: WorkspaceSite): SetUpWorkspace {
  return {
    mount: { Type: "bind", Source: workspace, Target: "/workspace" },
    collect: async () => workspace,
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** A workspace for engines that do not see this machine's folders: sent there, and fetched back. Empty folders are lost. */
export async function sentWorkspace(site: WorkspaceSite): Promise<SetUpWorkspace> {
  const folder = join(site.workspace, "..", "sent");
  await mkdir(folder);
  const volume = `${volumeName(site.labels)}-set-up`;
  const parts = { folder, tree: { folders: [site.workspace] }, layers: [], pass: () => false };
  const mirror = await makeUploadedMirror(parts, { ...site, volume });
  return {
    mount: mirror.mount,
    async collect() {
      const collected = join(folder, "collected");
      await mkdir(collected);
      const { touched } = await mirror.difference();
      for (const { path, kind, place } of touched) {
        if (kind !== "file" && kind !== "link") continue;
        if (await makeParents(collected, path)) await rename(place, placeOf(collected, path));
      }
      return collected;
    },
    [Symbol.asyncDispose]: () => mirror.remove(),
  };
}

/** False where something else lies in the way. */
async function makeParents(folder: string, path: RawPath): Promise<boolean> {
  const parent = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  if (parent === "") return true;
  if ((await statAt(folder, parent))?.isDirectory()) return true;
  if (!(await makeParents(folder, parent)) || (await statAt(folder, parent))) return false;
  await mkdir(Buffer.concat([Buffer.from(`${folder}/`), bytesOf(parent)]));
  return true;
}
