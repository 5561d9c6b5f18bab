import { NexusError } from "../../src/core/errors.ts";
import { type FrozenTree, viewOf } from "../changes/frozen-tree.ts";
import { bytesOf, parentOf, type RawPath } from "../changes/raw-path.ts";

/**
 * What is installed lies over the commit and is no change, so a commit must not hold the same paths: its own
 * files would be hidden. Throws `sandbox.setup-failed` naming the first that it does.
 */
export function requireFree(tree: FrozenTree, installed: readonly RawPath[]): void {
  const view = viewOf(tree);
  for (const path of installed) {
    if (view.at(path)) throw inTheWay(path);
    for (let parent = parentOf(path); parent !== ""; parent = parentOf(parent)) {
      const kind = view.at(parent)?.kind ?? "folder";
      if (kind !== "folder") throw inTheWay(parent);
    }
  }
}

function inTheWay(path: RawPath): NexusError {
  const name = JSON.stringify(bytesOf(path).toString());
  return new NexusError(
    "sandbox.setup-failed",
    `The set-up makes ${name}, which the commit holds too.`,
    {
      hint: `Take ${name} out of the commit, or let \`setup:\` in .github/nexus.yml write elsewhere, such as /opt/nexus.`,
    },
  );
}
