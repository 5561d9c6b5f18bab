import { lstatSync } from "node:fs";
import { chmod, mkdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { NexusError } from "../../src/core/errors.ts";
import type { Touched } from "../changes/difference.ts";
import { viewOf } from "../changes/frozen-tree.ts";
import { parentOf } from "../changes/raw-path.ts";
import type { Passed } from "../changes/walk.ts";
import type { Labels } from "../container/container.ts";
import type { SandboxLimits } from "../container/limits.ts";
import { lostOf } from "../mirror/copied-mirror.ts";
import type { Listed } from "../mirror/volume-listing.ts";
import { openVolumeReader } from "../mirror/volume-reader.ts";
import type { SessionRecord } from "../session-record.ts";
import type { Look, Seen } from "./look.ts";
import { readFrozen } from "./read-below.ts";

/** What looking into a volume of the engine's own needs. */
export interface LookSite {
  readonly docker: Docker;
  /** Nexus' own image: its tools do the reading. */
  readonly image: string;
  readonly uid: number;
  readonly limits: SandboxLimits;
  /** Of whoever looks, not of the session. */
  readonly labels: Labels;
  readonly layersFolder: string;
  /** Folder of the looker's own, which no command can write into. */
  readonly scratch: string;
}

const MAX_FETCHED_BYTES = 1024 ** 3;

/**
 * A look at a workspace that only the engine can see. What was there at the beginning only the session's own
 * process knows, so all of it is fetched once and compared by content. Throws `sandbox.unavailable` above 1 GiB.
 */
export async function lookAtUpload(
  { volume, tree }: SessionRecord,
  site: LookSite & { readonly pass: Passed },
): Promise<Look> {
  if (volume === undefined) throw tooFar("has no volume");
  const folder = join(site.scratch, "fetched");
  await mkdir(folder, { mode: 0o700 });
  const fetched = await fetchAll({ ...site, volume }, folder);
  const known = new Map(fetched.map((one) => [one.entry.path, one]));
  return {
    async difference() {
      const before = await viewOf(tree).walk(site.pass);
      const after = fetched.map(({ entry }) => entry);
      return { ...lostOf(tree, { before, after }), touched: await touched(fetched, folder) };
    },
    async at(path) {
      if (path === "") return { kind: "folder", mode: 0o755, size: 0 };
      const entry = known.get(path)?.entry;
      return entry && seen(entry);
    },
    async list(path) {
      const inside = fetched.filter(({ entry }) => parentOf(entry.path) === path);
      const skipped = path === "" ? 0 : path.length + 1;
      const listed = inside.map(({ entry }) => ({
        name: entry.path.slice(skipped),
        ...seen(entry),
      }));
      return listed.sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    async read(path, maxBytes) {
      const one = known.get(path);
      return one?.entry.kind === "file"
        ? readFrozen(Buffer.from(one.to), maxBytes)
        : { why: "not a file" };
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

function seen({ kind, mode, size }: Listed): Seen {
  return { kind, mode: mode & 0o7777, size };
}

interface Fetched {
  readonly entry: Listed;
  /** Under a number: no name of the workspace is ever one of this machine. */
  readonly to: string;
}

async function fetchAll(
  site: LookSite & { readonly pass: Passed; readonly volume: string },
  folder: string,
): Promise<readonly Fetched[]> {
  await using reader = await openVolumeReader(site);
  const placed = (await reader.list(site.pass)).map((entry, at) => ({
    entry,
    to: join(folder, String(at)),
  }));
  const files = placed.filter(({ entry }) => entry.kind === "file");
  const bytes = files.reduce((sum, { entry }) => sum + entry.size, 0);
  if (bytes > MAX_FETCHED_BYTES) throw tooFar("is larger than 1 GiB");
  await reader.fetch(files.map(({ entry: { path, size }, to }) => ({ path, size, to })));
  for (const { entry, to } of placed) {
    if (entry.kind === "link") await symlink(entry.target, to);
    // Readable to the looker, whatever it is in the workspace.
    else if (entry.kind === "file") await chmod(to, (entry.mode & 0o777) | 0o400);
  }
  return placed;
}

async function touched(fetched: readonly Fetched[], folder: string): Promise<Touched[]> {
  return fetched.flatMap(({ entry, to }) => {
    const { path, kind, mode, size } = entry;
    if (kind === "folder") return [];
    const there = lstatSync(to, { bigint: true, throwIfNoEntry: false });
    const stats = Object.assign(there ?? lstatSync(folder, { bigint: true }), {
      mode: BigInt(mode),
      size: BigInt(size),
    });
    return [{ path, kind, stats, place: Buffer.from(to) }];
  });
}

function tooFar(what: string): NexusError {
  return new NexusError("sandbox.unavailable", `This workspace lies with the engine and ${what}.`, {
    hint: "Look into it with --shell.",
  });
}
