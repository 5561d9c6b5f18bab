import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { type FrozenTree, viewOf } from "../changes/frozen-tree.ts";
import { bytesOf, rawOf } from "../changes/raw-path.ts";
import type { TreeFiles } from "./stacks/stack.ts";

const MAX_BYTES = 20 * 1024 * 1024;
const MOST_NAMES = 5_000;

/** The files of a frozen tree for whoever looks for manifests: nothing outside of it, nothing by a link. */
export function treeFilesOf(tree: FrozenTree): TreeFiles {
  const view = viewOf(tree);
  const entryAt = (path: string) => (isPlain(path) ? view.at(rawOf(Buffer.from(path))) : undefined);

  function bytes(path: string): Buffer | undefined {
    const entry = entryAt(path);
    if (entry?.kind !== "file" || entry.stats.size > MAX_BYTES) return undefined;
    return readWhole(entry.place);
  }

  return {
    bytes,
    text: (path) => bytes(path)?.toString(),
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
