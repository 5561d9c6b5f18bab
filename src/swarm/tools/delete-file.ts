import { z } from "zod";
import { createTool } from "../tool.ts";
import { removeFile } from "./files-in-sandbox.ts";
import { refuseShared, refuseStray } from "./permitted-path.ts";

/** Removes one file. */
export const deleteFile = createTool({
  name: "delete",
  description: "Removes one file of the repository.",
  input: z.strictObject({ path: z.string() }),
  async use({ path }, { session, item }) {
    const refusal = refuseStray(path, item.paths) ?? refuseShared(path, item);
    return refusal ?? (await removeFile(session, path));
  },
});
