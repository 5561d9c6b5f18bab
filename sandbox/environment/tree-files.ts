import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { type FrozenTree, viewOf } from "../changes/frozen-tree.ts";
import { bytesOf, rawOf } from "../changes/raw-path.ts";
import type { TreeFiles } from "./stacks/stack.ts";

const MAX_BYTES = 20 * 1024 * 1024;
/** Beyond this nobody wrote it: reading it for patterns would hold everybody up. */
const MAX_TEXT_BYTES = 1024 * 1024;
const LOCKFILES =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|Gemfile\.lock|Cargo\.lock)$/;
const MOST_NAMES = 5_000;

/** The files of a frozen tree for whoever looks for manifests: nothing outside of it, nothing by a link. */
export function treeFilesOf(tree: FrozenTree): TreeFiles {
  const view = viewOf(tree);
  const entryAt = (path: string) => (isPlain(path) ? view.at(rawOf(Buffer.from(path))) : undefined);

  function bytes(path: string, maxBytes = MAX_BYTES): Buffer | undefined {
    const entry = entryAt(path);
    if (entry?.kind !== "file" || entry.stats.size > maxBytes) return undefined;
    return readWhole(entry.place);
  }

  return {
    bytes: (path) => bytes(path),
    text: (path) => bytes(path, LOCKFILES.test(path) ? MAX_BYTES : MAX_TEXT_BYTES)?.toString(),
    has: (path) => entryAt(path) !== undefined,
    names(folder) {
      if (folder !== "" && entryAt(folder)?.kind !== "folder") return [];
      const names = view.names(rawOf(Buffer.from(folder))).slice(0, MOST_NAMES);
      return names.map((name) => bytesOf(name).toString()).sort();
    },
  };
}

function readWhole(place: Buffer): Buffer | undefined {
  const file = openSync(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    return fstatSync(file).isFile() ? readFileSync(file) : undefined;
  } finally {
    closeSync(file);
  }
}

function isPlain(path: string): boolean {
  const names = path.split("/");
  return (
    !path.includes("\0") && names.every((name) => name !== "" && name !== "." && name !== "..")
  );
}
