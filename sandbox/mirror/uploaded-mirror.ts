import { lstatSync } from "node:fs";
import { chmod, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import type Docker from "dockerode";
import type { Touched } from "../changes/difference.ts";
import { type FrozenView, viewOf } from "../changes/frozen-tree.ts";
import { CHANGE_LIMITS } from "../changes/read-changes.ts";
import { refusedWhole } from "../changes/refusals.ts";
import { containerOptions } from "../container/container.ts";
import { ask, askToRemove, askUntilGone } from "../engine/engine.ts";
import { archiveOf } from "./archive.ts";
import { lostOf } from "./copied-mirror.ts";
import type { Mirror, MirrorParts } from "./mirror.ts";
import type { Listed } from "./volume-listing.ts";
import { openVolumeReader, type VolumeSite, type Wanted } from "./volume-reader.ts";

const TARGET = "/workspace";
const UPLOAD_MS = 1_800_000;
// Build folders are fetched too, before it is known that git ignores them.
const MAX_FETCHED_BYTES = 1024 ** 3;

/**
 * A mirror for engines that do not see Nexus' folder: the tree is sent into a volume of the engine's own, and
 * what was written is fetched back. Its cost grows with the repository.
 */
export async function makeUploadedMirror(parts: MirrorParts, site: VolumeSite): Promise<Mirror> {
  const volume = await ask("create a volume", (abortSignal) =>
    site.docker.createVolume({
      Name: site.volume,
      Driver: "local",
      Labels: { ...site.labels },
      abortSignal,
    }),
  );
  const remove = () => askUntilGone("remove a volume", () => volume.remove());
  try {
    await upload(parts, site);
    const before = await listed(parts, site);
    return { mount: mountOf(site), remove, difference: () => difference(parts, site, before) };
  } catch (error) {
    await remove();
    throw error;
  }
}

function mountOf({ volume, labels }: VolumeSite): Docker.MountSettings {
  return {
    Type: "volume",
    Source: volume,
    Target: TARGET,
    VolumeOptions: {
      NoCopy: true,
      Labels: { ...labels },
      DriverConfig: { Name: "local", Options: {} },
    },
  } as Docker.MountSettings;
}

// Into a container that is never started: the engine itself writes, whoever may own the volume.
async function upload(parts: MirrorParts, site: VolumeSite): Promise<void> {
  const tree = { folders: [...parts.layers, ...parts.tree.folders] };
  const entries = await viewOf(tree).walk(() => false);
  const options = containerOptions({ ...site, user: "0:0", mount: mountOf(site) });
  const container = await ask("create a container for an upload", (abortSignal) =>
    site.docker.createContainer({
      ...options,
      // The engine writes at the root only where the root may be written.
      HostConfig: { ...options.HostConfig, ReadonlyRootfs: false },
      abortSignal,
    }),
  );
  try {
    const archive = Readable.from(archiveOf(entries, { folder: TARGET.slice(1), uid: site.uid }));
    await ask(
      "upload a tree",
      (abortSignal) => container.putArchive(archive, { path: "/", abortSignal }),
      UPLOAD_MS,
    );
  } finally {
    await askToRemove("remove a container", () => container.remove({ force: true, v: true }));
  }
}

async function listed(parts: MirrorParts, site: VolumeSite): Promise<Listed[]> {
  await using reader = await openVolumeReader(site);
  return await reader.list(parts.pass);
}

async function difference(parts: MirrorParts, site: VolumeSite, before: readonly Listed[]) {
  await using reader = await openVolumeReader(site);
  const after = await reader.list(parts.pass);
  const lost = lostOf(parts.tree, { before, after });
  const known = new Map(before.map(({ path, state }) => [path, state]));
  const changed = after.filter(
    ({ path, kind, state }) => kind !== "folder" && known.get(path) !== state,
  );
  const folder = join(parts.folder, "fetched");
  await mkdir(folder, { mode: 0o700 });
  const places = changed.map((entry, at) => ({ entry, to: join(folder, String(at)) }));
  await reader.fetch(wantedOf(places, lost.before));
  const touched = await Promise.all(places.map((placed) => touchedAt(placed, folder)));
  return { ...lost, touched };
}

interface Placed {
  readonly entry: Listed;
  /** Under a number: no name of the workspace is ever one of this machine. */
  readonly to: string;
}

/** What is too large to be carried is not fetched, unless it may be what it was. */
function wantedOf(places: readonly Placed[], before: FrozenView): Wanted[] {
  const wanted = places.filter(
    ({ entry: { kind, path, size } }) =>
      kind === "file" &&
      (size <= CHANGE_LIMITS.fileBytes || before.at(path)?.stats.size === BigInt(size)),
  );
  const bytes = wanted.reduce((sum, { entry }) => sum + entry.size, 0);
  if (bytes > MAX_FETCHED_BYTES) throw refusedWhole(`more than ${MAX_FETCHED_BYTES} bytes written`);
  return wanted.map(({ entry, to }) => ({ path: entry.path, size: entry.size, to }));
}

async function touchedAt({ entry, to }: Placed, folder: string): Promise<Touched> {
  const { path, mode, size, target } = entry;
  const kind = entry.kind === "folder" ? "other" : entry.kind;
  if (kind === "link") await symlink(target, to);
  const there = lstatSync(to, { bigint: true, throwIfNoEntry: false });
  if (there && kind === "file") await chmod(to, mode & 0o777);
  const stats = Object.assign(there ?? lstatSync(folder, { bigint: true }), {
    mode: BigInt(mode),
    size: BigInt(size),
  });
  return { path, kind, stats, place: Buffer.from(to) };
}
