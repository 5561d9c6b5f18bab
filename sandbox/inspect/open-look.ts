import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { overlayDifference, touchedIn } from "../changes/difference.ts";
import { viewOf } from "../changes/frozen-tree.ts";
import { type Passed, walk } from "../changes/walk.ts";
import { installedIn } from "../environment/environment-store.ts";
import { lostOf } from "../mirror/copied-mirror.ts";
import type { SessionRecord } from "../session-record.ts";
import { viewLayer } from "./layer-view.ts";
import type { Look } from "./look.ts";
import { type LookSite, lookAtUpload } from "./upload-look.ts";

/** Opens a look at the workspace of a session that any process of this machine has made. */
export async function openLook(record: SessionRecord, site: LookSite): Promise<Look> {
  const pass = await passedIn(record);
  if (record.mirror === "upload") return await lookAtUpload(record, { ...site, pass });
  const session = await realpath(join(site.layersFolder, record.session));
  return record.mirror === "overlay"
    ? lookAtOverlay(record, join(session, "upper"), pass)
    : lookAtCopy(record, join(session, "copy"), pass);
}

function lookAtOverlay(record: SessionRecord, upper: string, pass: Passed): Look {
  const { tree, layers } = record;
  const under = viewOf({ folders: [...layers, ...tree.folders] });
  return {
    ...viewLayer({ layer: upper, under }),
    difference: () => overlayDifference({ upper, tree, pass }),
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** What was there at the beginning only its own process knows, so everything is compared by content. */
function lookAtCopy({ tree }: SessionRecord, copy: string, pass: Passed): Look {
  return {
    ...viewLayer({ layer: copy, under: undefined }),
    async difference() {
      const after = await walk(copy, pass);
      const before = await viewOf(tree).walk(pass);
      return { ...lostOf(tree, { before, after }), touched: touchedIn(copy, after) };
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** What is git's own or installed, and no change. */
async function passedIn({ layers }: SessionRecord): Promise<Passed> {
  const installed = new Set((await Promise.all(layers.map(installedIn))).flat());
  return (path) => path === ".git" || installed.has(path);
}
