import { z } from "zod";
import { createTool, done, failed } from "../tool.ts";
import { LOOK_TIMEOUT_MS } from "./files-in-sandbox.ts";
import { refuseUnsafe } from "./permitted-path.ts";

const MAX_LINES = 200;
const MAX_LINE_LENGTH = 300;
const ALWAYS = ["-rnIH", "-m", "50", "--exclude-dir=.git", "--exclude-dir=node_modules"];

/** Finds lines by a fixed text or a regular expression. */
export const searchFiles = createTool({
  name: "search",
  description:
    "Finds lines in the repository's text files. `pattern` is plain text, or an extended regular expression when `regex` is true. `path` narrows it to a folder or file.",
  input: z.strictObject({
    pattern: z.string().min(1).max(1000),
    regex: z.boolean().optional(),
    path: z.string().optional(),
  }),
  async use({ pattern, regex = false, path = "" }, { session }) {
    const refusal = path === "" || path === "." ? undefined : refuseUnsafe(path);
    if (refusal) return refusal;
    const kind = regex ? "-E" : "-F";
    const command = ["grep", ...ALWAYS, kind, "-e", pattern, "--", `./${path}`];
    const { exitCode, output, truncated } = await session.run(command, {
      timeoutMs: LOOK_TIMEOUT_MS,
    });
    // grep: 1 is nothing found; 2 with output is a file it could not read among those it could.
    if (exitCode === 1) return done("Nothing found.");
    if (exitCode !== 0 && !/^\.\/.*?:\d+:/m.test(output)) return failed(output);
    return done(shortened(output, truncated));
  },
});

function shortened(output: string, truncated: boolean): string {
  const lines = output.split("\n").filter((line) => line !== "");
  const shown = lines
    .slice(0, MAX_LINES)
    .map((line) => line.slice(0, MAX_LINE_LENGTH).replace(/^\.\//, ""));
  const more = truncated || lines.length > MAX_LINES;
  return [...shown, ...(more ? ["[There are more. Narrow the search.]"] : [])].join("\n");
}
