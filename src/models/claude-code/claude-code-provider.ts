import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ModelReply } from "../../core/model.ts";
import type { Provider, Try } from "../provider.ts";
import { modelError } from "../provider-error.ts";
import { type ClaudeAnswer, createEventJoiner } from "./claude-events.ts";
import {
  type ClaudeProgram,
  claudeArguments,
  claudeEnvironment,
  throwIfUnusable,
} from "./claude-program.ts";
import { claudePrompt } from "./claude-prompt.ts";
import { rejectionOfWords } from "./claude-rejection.ts";
import { type Run, runProgram } from "./run-program.ts";
import { toldCalls } from "./told-calls.ts";

/** One model of the user's Claude Code. */
export interface ClaudeCodeOptions {
  readonly claude: ClaudeProgram;
  /** As Claude Code takes it: `sonnet`, `opus`, or a whole name. */
  readonly model: string;
  readonly effort?: string;
}

/**
 * The user's own Claude Code as a model: one run of the program for one reply. It has no tools of ours;
 * it is told of them in words and asks for them in JSON.
 */
export function createClaudeCodeProvider({ claude, model, effort }: ClaudeCodeOptions): Provider {
  throwIfUnusable(claude);
  const args = claudeArguments(claude, { model, effort });
  return {
    secrets: () => [claude.token ?? ""],
    async ask(one) {
      // Nothing of ours lies around where it works.
      const folder = await mkdtemp(join(tmpdir(), "nexus-claude-"));
      try {
        const answer = await answerOf(one, {
          program: claude.program,
          args,
          env: claudeEnvironment(claude, folder),
          folder,
          input: claudePrompt(one.request),
          signal: one.signal,
          heard: one.heard,
        });
        return replyOf(answer, one);
      } finally {
        await rm(folder, { recursive: true, force: true, maxRetries: 3 });
      }
    },
  };
}

async function answerOf({ request, signal, tell }: Try, run: Run): Promise<ClaudeAnswer> {
  const joiner = createEventJoiner();
  await using running = runProgram(run);
  for await (const line of running.lines) {
    for (const { kind, text } of joiner.add(line)) {
      // With tools it is perhaps no text but a call in the making.
      tell({ kind: request.tools.length > 0 ? "reasoning" : kind, text });
    }
    if (joiner.ended()) return joiner.answer();
  }
  const { exitCode, stderr } = await running.ended;
  signal.throwIfAborted();
  if (exitCode === 0) return joiner.answer();
  if (stderr.trim() !== "") throw rejectionOfWords(stderr.trim());
  throw modelError("model.malformed", `Claude Code ended with ${exitCode} and said nothing.`);
}

function replyOf(answer: ClaudeAnswer, { request, tell }: Try): ModelReply {
  const { usage, stop, servedBy, charged } = answer;
  const { text, calls } = toldCalls(answer, request);
  for (const { name } of calls) tell({ kind: "call", name });
  return {
    text,
    calls,
    usage,
    stop: stop === "end" && calls.length > 0 ? "calls" : stop,
    ...(servedBy === "" ? {} : { servedBy }),
    ...(charged === undefined ? {} : { charged }),
  };
}
