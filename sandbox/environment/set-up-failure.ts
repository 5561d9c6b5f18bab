import { NexusError } from "../../src/core/errors.ts";
import type { Attempt } from "../egress/egress.ts";

const NETWORK =
  /E(?:AI_AGAIN|CONNRESET|CONNREFUSED|TIMEDOUT|NOTFOUND|50[234])\b|Temporary failure in name resolution|[Cc]onnection (?:reset|refused|timed out)|Could not resolve host|TLS handshake timeout|i\/o timeout|Network is unreachable/;

/** How a command of a set-up ended that should have succeeded. */
export interface FailedCommand {
  readonly command: string;
  /** Undefined where its time ran out. */
  readonly exitCode: number | undefined;
  readonly output: string;
  readonly isOwn: boolean;
  readonly attempts: readonly Attempt[];
  /** Programs that the image does not have, so that what they install is missing. */
  readonly lacking: readonly string[];
}

/** Says which command failed, how, and what can be done. Only trouble of the network may be gone at the next try. */
export function commandFailed(failed: FailedCommand): NexusError {
  const { command, exitCode, output } = failed;
  const ending =
    exitCode === undefined ? "did not end in time" : `ended with exit code ${exitCode}`;
  const refused = [...new Set(failed.attempts.flatMap((one) => (one.allowed ? [] : [one.host])))];
  const asked =
    refused.length === 0
      ? ""
      : `\nThe set-up asked for ${refused.join(", ")}, which is not allowed.`;
  return new NexusError(
    "sandbox.setup-failed",
    `The set-up's command ${shown(command)} ${ending}.${asked}${lackingNote(failed.lacking)}\n${output.trim()}`,
    { hint: hintOf(failed, refused), retryable: refused.length === 0 && NETWORK.test(output) },
  );
}

/** Says that own commands cannot reach the hosts that the repository names for them. */
export function needsNetwork(runtime: string): NexusError {
  return new NexusError(
    "sandbox.not-allowed",
    `Set-up commands cannot reach hosts under the runtime ${runtime}.`,
    {
      hint: "Leave out `setup:` and let the lockfiles say what is installed, leave out `network:`, or let the operator leave SANDBOX_RUNTIME to the engine's own.",
    },
  );
}

/** Says what is missing where one of several stacks could not be installed; empty where nothing is. */
export function lackingNote(programs: readonly string[]): string {
  if (programs.length === 0) return "";
  const names = [...new Set(programs)].join(", ");
  return `\nThe image has no ${names}, so nothing was installed of what needs it.`;
}

/** Says that a set-up wrote more than there is room for. */
export function tooLarge(maxMb: number): NexusError {
  return new NexusError("sandbox.setup-failed", `The set-up wrote more than ${maxMb} MB.`, {
    hint: "Does the lockfile name more packages than the repository's checks need? Else raise SANDBOX_DISK_MB.",
  });
}

/** Says that the image has nothing that could install what the repository names. */
export function noProgram(image: string, programs: readonly string[]): NexusError {
  const names = [...new Set(programs)].join(", ");
  return new NexusError("sandbox.setup-failed", `The image ${image} has no ${names}.`, {
    hint: "Name an image that has it under `image:` in .github/nexus.yml, or `setup: []` if nothing is to be installed.",
  });
}

function hintOf(failed: FailedCommand, refused: readonly string[]): string {
  if (refused.length > 0) {
    return `Add ${refused.join(", ")} to SETUP_HOSTS, or to \`network:\` in .github/nexus.yml within SANDBOX_NETWORK.`;
  }
  if (failed.isOwn)
    return "Do the commands under `setup:` in .github/nexus.yml work on a fresh clone?";
  return `Does ${shown(failed.command)} work on a fresh clone? Else name commands under \`setup:\` in .github/nexus.yml.`;
}

function shown(command: string): string {
  const [line = ""] = command.split("\n");
  return `\`${line.length > 200 ? `${line.slice(0, 200)}…` : line}\``;
}
