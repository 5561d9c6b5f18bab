import { join } from "node:path";
import { keepPresence } from "../../../sandbox/engine/presence.ts";
import {
  type BaseKeeping,
  type BaseTrees,
  createBaseTrees,
} from "../../../sandbox/mirror/base-trees.ts";
import { sandboxUid } from "../../../sandbox/mirror/ownership.ts";
import { checkoutInto } from "../../../src/git/checkout.ts";
import { writeDelta } from "../../../src/git/delta.ts";
import { nearestBase } from "../../../src/git/nearest-base.ts";

/** What one process keeps of trees below a folder; to others each call is another process. */
export function treesOfProcess(folder: string, options: Partial<BaseKeeping> = {}): BaseTrees {
  return createBaseTrees({
    root: join(folder, "trees"),
    keep: 20,
    pins: keepPresence(join(folder, "processes")).pins("trees"),
    uid: sandboxUid(),
    checkout: checkoutInto,
    deltas: { nearest: nearestBase, write: writeDelta },
    ...options,
  });
}

if (import.meta.main) {
  const [folder = "", gitDir = "", commit = ""] = process.argv.slice(2);
  const forever = () => {
    process.stdout.write("writing\n");
    setInterval(() => undefined, 1_000);
    return new Promise<never>(() => undefined);
  };
  const hanging = treesOfProcess(folder, {
    checkout: async (at) => {
      await checkoutInto(at);
      await forever();
    },
    deltas: {
      nearest: nearestBase,
      write: async (at) => {
        await writeDelta(at);
        return await forever();
      },
    },
  });
  await hanging.take({ gitDir, commit });
}
