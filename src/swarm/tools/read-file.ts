import { z } from "zod";
import { createTool, done, failed } from "../tool.ts";
import { LOOK_TIMEOUT_MS } from "./files-in-sandbox.ts";
import { refuseUnsafe } from "./permitted-path.ts";

const LINES_AT_ONCE = 400;

const READ = `
[ -f "$1" ] || { echo "There is no such file."; exit 1; }
[ -s "$1" ] || { echo "The file is empty."; exit 0; }
grep -Iq '' "$1" || { echo "The file is not text."; exit 1; }
awk -v from="$2" -v to="$3" '
NR >= from && NR <= to { printf "%6d\\t%s\\n", NR, $0 }
END { printf "[%d lines in all]\\n", NR }' "$1"`;

/** Shows lines of a file with their numbers. */
export const readFile = createTool({
  name: "read",
  description: `Shows a file with line numbers, ${LINES_AT_ONCE} lines at once. The numbers and the tab after them are not part of the file.`,
  input: z.strictObject({
    path: z.string(),
    from: z.int().positive().optional(),
    to: z.int().positive().optional(),
  }),
  async use({ path, from = 1, to = from + LINES_AT_ONCE - 1 }, { session }) {
    const refusal = refuseUnsafe(path);
    if (refusal) return refusal;
    if (to < from) return failed("`to` is before `from`.");
    const last = Math.min(to, from + LINES_AT_ONCE - 1);
    const { exitCode, output } = await session.run(
      ["sh", "-c", READ, "sh", `./${path}`, String(from), String(last)],
      { timeoutMs: LOOK_TIMEOUT_MS },
    );
    return exitCode === 0 ? done(output) : failed(output);
  },
});
