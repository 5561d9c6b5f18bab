import { z } from "zod";
import { createTool, done, failed, malformed } from "../tool.ts";

/** Runs a shell command in the sandbox. That a command fails is an answer, not an error. */
export const runCommand = createTool({
  name: "run",
  description:
    "Runs a command with `sh -c` in the repository's root, in a sandbox without network. Shows how it ended and its output; of a long one its beginning and end, and how to read the rest.",
  input: z.strictObject({ command: z.string().min(1).max(20_000) }),
  async use({ command }, { session, commandTimeoutMs, commands, proving }) {
    if (command.includes("\0")) return malformed("A command cannot hold a NUL character.");
    const answer = commands.ask(command);
    if (answer.kind === "refused") {
      return failed(
        `Refused by policy: ${answer.why}. Nothing of it ran. This does not change; do not look for a way around it.`,
      );
    }
    if (answer.kind === "recorded") {
      proving.recorded();
      return done("[dry run: written down, not executed]");
    }
    const result = await session.run(["sh", "-c", command], { timeoutMs: commandTimeoutMs });
    const { exitCode, ending, output, truncated } = result;
    commands.ran(command, result);
    proving.ran(command, ending === "exited" && exitCode === 0);
    const how = {
      exited: `exit code ${exitCode}`,
      timeout: `stopped after ${commandTimeoutMs / 1000} seconds`,
      silent: "stopped: no output for too long",
      "out-of-memory": "stopped: out of memory",
      "disk-full": "stopped: wrote more than the disk limit",
    }[ending];
    const gap = truncated ? "\n[The middle of the output was not kept: it was too much.]" : "";
    return done(`[${how}]\n${output}${gap}`);
  },
});
