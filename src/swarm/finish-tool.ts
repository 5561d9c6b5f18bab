import { z } from "zod";
import { createTool, done } from "./tool.ts";

/** The words a worker ends with. They are its own; whether the work is good is found out by running it. */
export const Finish = z.strictObject({ summary: z.string().trim().min(1).max(4000) });

/** Ends the work on an item. */
export const finish = createTool({
  name: "finish",
  description:
    "Ends the work item, once it is done. `summary` says in a few sentences what was changed.",
  input: Finish,
  async use() {
    return done("The work item is closed.");
  },
});
