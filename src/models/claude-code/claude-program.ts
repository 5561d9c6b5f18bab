import { homedir } from "node:os";
import { delimiter, dirname, isAbsolute } from "node:path";
import { NexusError } from "../../core/errors.ts";

/** To be shown where it is set up and whenever Nexus starts with it. */
export const CLAUDE_CODE_WARNING =
  "claude-code runs your own Claude Code program, signed in as you: every task of this installation uses your plan. " +
  "It is for an installation that nobody but you gives work to. Your plan's terms may not allow more, and may not allow this at all: " +
  "read them. For a team use an API key (anthropic).";

/** The user's own Claude Code. */
export interface ClaudeProgram {
  /** An absolute path. */
  readonly program: string;
  /** The user says that nobody else gives work to this installation; without it nothing runs. */
  readonly isOnlyMine: boolean;
  /** The most that one try may cost. */
  readonly maxDollars: number;
  /** Where Claude Code finds its sign-in; default: the user's own home. */
  readonly home?: string;
  /** Of `claude setup-token`, instead of the sign-in in the home. */
  readonly token?: string;
}

/** Fails with `config.invalid` where it may not or cannot be run. Runs nothing. */
export function throwIfUnusable({ program, isOnlyMine, maxDollars, token }: ClaudeProgram): void {
  if (!isOnlyMine) {
    throw invalid("Claude Code is not allowed as a worker.", CLAUDE_CODE_WARNING);
  }
  if (!isAbsolute(program)) {
    throw invalid("The path of Claude Code's program is not absolute.", "Ask: command -v claude");
  }
  if (!(maxDollars > 0 && maxDollars <= 1000)) {
    throw invalid(
      "The dollars of one try of Claude Code are not between 0 and 1000.",
      "Such as 2.50",
    );
  }
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    throw invalid("Claude Code's token is empty or has odd characters.", "Run: claude setup-token");
  }
}

/** All that the program sees of our environment: no key, no proxy, no address of ours. */
export function claudeEnvironment(
  { program, home, token }: ClaudeProgram,
  folder: string,
): Readonly<Record<string, string>> {
  const path = [dirname(program), dirname(process.execPath), "/usr/local/bin", "/usr/bin", "/bin"];
  return {
    HOME: home ?? homedir(),
    PATH: [...new Set(path)].join(delimiter),
    LANG: "C.UTF-8",
    TMPDIR: folder,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_AUTOUPDATER: "1",
    ...(token === undefined ? {} : { CLAUDE_CODE_OAUTH_TOKEN: token }),
  };
}

/**
 * One answer and nothing else: none of its tools, none of the user's settings, servers and hooks, and no
 * session is kept. The prompt comes through stdin, where other users of the machine do not see it.
 */
export function claudeArguments(
  { maxDollars }: ClaudeProgram,
  { model, effort }: { readonly model: string; readonly effort: string | undefined },
): string[] {
  const role = "You answer one request of a program. What it asks of you is in the prompt.";
  return [
    ["--print", "--output-format", "stream-json", "--verbose", "--include-partial-messages"],
    ["--model", model],
    effort === undefined ? [] : ["--effort", effort],
    ["--max-turns", "1", "--max-budget-usd", String(maxDollars)],
    ["--tools", "", "--strict-mcp-config", "--setting-sources", "", "--no-session-persistence"],
    ["--system-prompt", role],
  ].flat();
}

function invalid(message: string, hint: string): NexusError {
  return new NexusError("config.invalid", message, { hint });
}
