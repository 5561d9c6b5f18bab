import { lchownSync } from "node:fs";
import { setImmediate as othersTurn } from "node:timers/promises";
import { viewOf } from "../changes/frozen-tree.ts";
import { placeOf } from "../changes/raw-path.ts";

// Any number that is no user of the host will do; the sandbox image knows this one by name.
const SANDBOX_UID = 10_001;

// Calls that do not wait are quicker by far than those that do, but others want their turn too.
const ENTRIES_A_TURN = 1_000;

/** The user that commands run as: never root, and always the owner of the files they work on. */
export function sandboxUid(): number {
  const own = process.getuid?.() ?? SANDBOX_UID;
  return own === 0 ? SANDBOX_UID : own;
}

/** Hands a folder with all that is in it, however much, to the user of the commands. */
export async function own(folder: string, uid: number): Promise<void> {
  if (process.getuid?.() !== 0) return;
  lchownSync(folder, uid, uid);
  let count = 0;
  for (const { path } of viewOf({ folders: [folder] }).entries(() => false)) {
    lchownSync(placeOf(folder, path), uid, uid);
    count += 1;
    if (count % ENTRIES_A_TURN === 0) await othersTurn();
  }
}
