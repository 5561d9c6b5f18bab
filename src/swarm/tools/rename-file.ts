import { z } from "zod";
import { createTool, failed } from "../tool.ts";
import { moveFile } from "./files-in-sandbox.ts";
import { refuseShared, refuseStray } from "./permitted-path.ts";

/** Gives one file another path. */
export const renameFile = createTool({
  name: "rename",
  description:
    "Moves one file of the repository to another path where there is nothing yet. Both paths must be your item's. Then change what refers to it.",
  input: z.strictObject({ from: z.string(), to: z.string() }),
  async use({ from, to }, { session, item }) {
    if (from === to) return failed("`from` and `to` are the same.");
    const refusals = [from, to].map(
      (path) => refuseStray(path, item.paths) ?? refuseShared(path, item),
    );
    return refusals.find(Boolean) ?? (await moveFile(session, from, to));
  },
});
