import { z } from "zod";
import { framed } from "../../core/data-frame.ts";
import { createTool, done, failed } from "../tool.ts";

/** Answers a question from the repository: places that have to do with it, best first. */
export const askContext = createTool({
  name: "ask_context",
  description:
    "Finds the places of the repository that have to do with a question, best first, as they were when the work began. Use words and names that stand in the code.",
  input: z.strictObject({ question: z.string().trim().min(3).max(1000) }),
  async use({ question }, { context, room }) {
    if (!context) return failed("Nobody can answer questions here. Use search and read.");
    const answer = await context(question);
    if (answer.trim() === "") {
      return done("Nothing in the repository has to do with these words. Use other ones, or list.");
    }
    return done(framed("repository", answer, Math.max(0, room - 200)));
  },
});
