import { z } from "zod";
import { createTool } from "../tool.ts";
import { removeFile } from "./files-in-sandbox.ts";
import { refuseStray } from "./permitted-path.ts";

/** Removes one file. */
export const deleteFile = createTool({
  name: "delete",
  description: "Removes one file of the repository.",
  input: z.strictObject({ path: z.string() }),
  async use({ path }, { session, paths }) {
    return refuseStray(path, paths) ?? (await removeFile(session, path));
  },
});
