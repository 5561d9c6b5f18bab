import { z } from "zod";
import { createTool, done } from "./tool.ts";

/** What a worker ends with. The summary is its own words; whether the proof proves anything is looked up. */
export const Finish = z.strictObject({
  summary: z.string().trim().min(1).max(4000),
  proof: z.string().trim().min(1).max(2000).optional(),
});
export type Finish = z.infer<typeof Finish>;

/** Ends the work on an item. */
export const finish = createTool({
  name: "finish",
  description:
    "Ends the work item, once it is done. `summary` says in a few sentences what was changed. `proof` is the command that shows that it is good, letter for letter as you ran it after your last change; it must have ended with exit code 0.",
  input: Finish,
  async use() {
    return done("The work item is closed.");
  },
});
