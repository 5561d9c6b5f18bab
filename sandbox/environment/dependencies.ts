import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { rawOf, statAt } from "../changes/raw-path.ts";
import type { Passed } from "../changes/walk.ts";
import type { FrozenFolders, Taken } from "../mirror/frozen-folders.ts";
import { type LockedInstall, readLockfile } from "./lockfile.ts";

const MAX_MANIFEST_BYTES = 20 * 1024 * 1024;

/** Installs what lies in `folder` (manifests and lockfile only) and throws `sandbox.setup-failed` if it cannot. */
type Install = (folder: string, signal: AbortSignal) => Promise<void>;

/** What is needed to give a commit its dependencies. */
export interface DependencyKeeping {
  readonly folders: FrozenFolders;
  readonly image: string;
  readonly npmRegistry?: string | undefined;
  readonly install: Install;
}

/** Installed dependencies as a frozen tree that holds nothing else. */
export interface Dependencies extends Taken {
  readonly pass: Passed;
}

/**
 * The dependencies that the commit locks, installed once per manifests, lockfile and image; undefined where
 * it locks none. Of the repository only its manifests take part.
 */
export async function takeDependencies(
  base: string,
  keeping: DependencyKeeping,
  signal: AbortSignal,
): Promise<Dependencies | undefined> {
  const lockfile = await manifest(base, "package-lock.json");
  const root = await manifest(base, "package.json");
  if (lockfile === undefined || root === undefined) return undefined;
  // Who commits node_modules means those.
  if (await statAt(base, "node_modules")) return undefined;

  const locked = readLockfile(lockfile.toString(), {
    file: "package-lock.json",
    registry: keeping.npmRegistry,
  });
  const files = await manifests(base, locked, {
    "package.json": root,
    "package-lock.json": lockfile,
  });
  const taken = await keeping.folders.take(keyOf(files, keeping.image), (empty) =>
    fill({ empty, files, locked, install: keeping.install, signal }),
  );
  return { ...taken, pass: passOver(locked) };
}

/** Paths below an installed node_modules folder. */
function passOver({ workspaces }: LockedInstall): Passed {
  const roots = ["", ...workspaces].map((at) => rawOf(Buffer.from(join(at, "node_modules"))));
  const installed = new Set(roots);
  return (path) => installed.has(path);
}

type Manifests = Readonly<Record<string, Buffer>>;

async function manifests(base: string, locked: LockedInstall, own: Manifests): Promise<Manifests> {
  const found: Record<string, Buffer> = { ...own };
  for (const workspace of locked.workspaces) {
    const path = join(workspace, "package.json");
    const content = await manifest(base, path);
    if (content !== undefined) found[path] = content;
  }
  return found;
}

// Links are not followed: the commit decides what is at the path.
async function manifest(base: string, path: string): Promise<Buffer | undefined> {
  const stats = await statAt(base, rawOf(Buffer.from(path)));
  if (!stats?.isFile() || stats.size > MAX_MANIFEST_BYTES) return undefined;
  await using file = await open(join(base, path), constants.O_RDONLY | constants.O_NOFOLLOW);
  return await file.readFile();
}

function keyOf(files: Manifests, image: string): string {
  const hash = createHash("sha256").update(image);
  for (const path of Object.keys(files).sort()) {
    hash.update(`\0${path}\0`).update(files[path] ?? "");
  }
  return hash.digest("hex").slice(0, 40);
}

interface Filling {
  readonly empty: string;
  readonly files: Manifests;
  readonly locked: LockedInstall;
  readonly install: Install;
  readonly signal: AbortSignal;
}

// Installed beside, then only the node_modules folders are kept: as a layer over the commit nothing else
// may hide the commit's own files.
async function fill({ empty, files, locked, install, signal }: Filling): Promise<void> {
  const site = join(empty, "site");
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(site, path)), { recursive: true });
    await writeFile(join(site, path), content);
  }
  await install(site, signal);
  for (const at of ["", ...locked.workspaces]) {
    const installed = rawOf(Buffer.from(join(at, "node_modules")));
    if (!(await statAt(site, installed))?.isDirectory()) continue;
    await mkdir(join(empty, at), { recursive: true });
    await rename(join(site, at, "node_modules"), join(empty, at, "node_modules"));
  }
  await rm(site, { recursive: true, force: true });
}
