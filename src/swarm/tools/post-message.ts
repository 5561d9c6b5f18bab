import { z } from "zod";
import { createTool, done, failed } from "../tool.ts";

/** Tells another worker something, at its next step. */
export const postMessage = createTool({
  name: "post_message",
  description:
    'Tells another worker of the team something that it must know, such as a name or an interface that you changed. `to` is the id of its work item, or "all". It reads the message at its next step. Nobody answers on your behalf: do not wait.',
  input: z.strictObject({
    to: z.string().min(1).max(40),
    text: z.string().trim().min(1).max(2000),
  }),
  async use({ to, text }, { seat }) {
    if (!seat) return failed("There is no board: you work alone.");
    const posted = await seat.post(to, text);
    return posted.kind === "refused" ? failed(posted.why) : done(`Posted to ${posted.to}.`);
  },
});
