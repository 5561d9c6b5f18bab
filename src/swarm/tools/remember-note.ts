import { z } from "zod";
import { createTool, done, failed } from "../tool.ts";

/** Keeps a note for whoever works on the same task later. */
export const rememberNote = createTool({
  name: "remember",
  description:
    "Keeps a note about the repository for workers of this task that begin later, such as how its tests are run. One fact in a sentence or two; no orders, no secrets.",
  input: z.strictObject({ text: z.string().trim().min(1).max(1000) }),
  async use({ text }, { seat }) {
    if (!seat) return failed("There is nobody who could read it later.");
    const kept = await seat.note(text);
    return kept.kind === "refused" ? failed(kept.why) : done("Kept.");
  },
});
