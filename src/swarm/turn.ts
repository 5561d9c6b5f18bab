import type { ModelReply, ToolCall } from "../core/model.ts";
import { visible } from "../core/untrusted.ts";
import type { Closing } from "./closing.ts";
import { Finish, finish } from "./finish-tool.ts";
import type { WorkerLimits } from "./limits.ts";
import { shownWithin } from "./outputs.ts";
import type { Proof } from "./proving.ts";
import type { Repetition } from "./repetition.ts";
import { type CallStep, withOwnIds } from "./step.ts";
import { throwIfStopped } from "./stopped.ts";
import { type Bench, failed, malformed, parseInput, type Tool, type ToolResult } from "./tool.ts";
import { askContext } from "./tools/ask-context.ts";
import { deleteFile } from "./tools/delete-file.ts";
import { editFile } from "./tools/edit-file.ts";
import { listFiles } from "./tools/list-files.ts";
import { postMessage } from "./tools/post-message.ts";
import { readFile } from "./tools/read-file.ts";
import { rememberNote } from "./tools/remember-note.ts";
import { renameFile } from "./tools/rename-file.ts";
import { runCommand } from "./tools/run-command.ts";
import { searchFiles } from "./tools/search-files.ts";

/** What shows a worker something that it may not have known. */
const LOOKS: readonly Tool[] = [listFiles, readFile, searchFiles, askContext, runCommand];

/** Everything a worker can do. */
export const WORKER_TOOLS: readonly Tool[] = [
  listFiles,
  readFile,
  searchFiles,
  askContext,
  editFile,
  renameFile,
  deleteFile,
  runCommand,
  postMessage,
  rememberNote,
  finish,
];

/** What stays the same over all turns of one worker. */
export interface Desk {
  readonly bench: Omit<Bench, "room">;
  readonly limits: WorkerLimits;
  readonly repetition: Repetition;
  readonly closing: Closing;
  readonly signal: AbortSignal;
}

/** How a turn left the worker. `calls` grows while the turn goes on, so that it can be saved if it breaks off. */
export interface Turn {
  readonly calls: CallStep[];
  /** Whether a file was changed, or something was seen that was not seen since the last change. */
  isProgress: boolean;
  ending:
    | { readonly kind: "open" }
    | { readonly kind: "finished"; readonly summary: string; readonly proofs: readonly Proof[] }
    | { readonly kind: "looping"; readonly tool: string };
}

/** A turn in which nothing has happened yet. */
export function openTurn(): Turn {
  return { calls: [], isProgress: false, ending: { kind: "open" } };
}

/** Does what a reply asks for, call by call. Throws only when what a tool reaches is broken, or the signal fires. */
export async function takeTurn(reply: ModelReply, turn: Turn, desk: Desk): Promise<void> {
  const calls = withOwnIds(reply.calls);
  for (const [index, call] of calls.entries()) {
    throwIfStopped(desk.signal);
    const reason = reasonNotToRun({ reply, turn, index, desk });
    if (reason === undefined) {
      await doCall(call, turn, { ...desk, share: shareOf(calls.length, desk.limits) });
    } else if (index < desk.limits.maxCallsPerReply * 2) {
      turn.calls.push({ ...call, kind: "not-run", result: reason });
    }
  }
}

function reasonNotToRun(at: {
  reply: ModelReply;
  turn: Turn;
  index: number;
  desk: Desk;
}): string | undefined {
  const { maxCallsPerReply } = at.desk.limits;
  // Of a reply that was cut off, the last call may be half of what was meant.
  if (at.reply.stop === "length") return "Not run: your reply was cut off because it was too long.";
  if (at.turn.ending.kind !== "open") return "Not run: the work item is closed.";
  if (at.index < maxCallsPerReply) return undefined;
  return `Not run: at most ${maxCallsPerReply} calls in one reply.`;
}

async function doCall(
  call: ToolCall,
  turn: Turn,
  desk: Desk & { readonly share: number },
): Promise<void> {
  const { repetition, limits, share } = desk;
  const { outputs, proving } = desk.bench;
  const answer = await answerTo(call, turn, desk);
  if (answer.changed) {
    repetition.changed(call.name, call.input);
    proving.changed();
  }
  const full = visible(answer.text);
  const repeats = repetition.seen(call.name, call.input, full);
  const result = shownWithin(full, share, outputs);
  const isNew = repeats === 1 && LOOKS.some(({ definition }) => definition.name === call.name);
  turn.isProgress ||= answer.changed === true || (answer.kind === "done" && isNew);
  turn.calls.push({
    ...call,
    kind: answer.kind,
    result: repeats < limits.tellAtRepeats ? result : `${result}\n${told(repeats)}`,
  });
  if (repeats >= limits.stopAtRepeats) turn.ending = { kind: "looping", tool: call.name };
  if (!(await proving.readBack())) return;
  repetition.changed(call.name, call.input);
  turn.isProgress = true;
}

async function answerTo(
  call: ToolCall,
  turn: Turn,
  desk: Desk & { readonly share: number },
): Promise<ToolResult> {
  const tool = WORKER_TOOLS.find(({ definition }) => definition.name === call.name);
  if (!tool) {
    const names = WORKER_TOOLS.map(({ definition }) => definition.name).join(", ");
    return malformed(`There is no such tool. The tools are: ${names}.`);
  }
  const json = parseInput(call);
  if ("problem" in json) return malformed(json.problem);
  const bench = { ...desk.bench, room: desk.share };
  if (tool !== finish) return await tool.call(json.input, bench);
  return await closeItem(json.input, turn, { bench, closing: desk.closing });
}

async function closeItem(
  input: unknown,
  turn: Turn,
  { bench, closing }: { readonly bench: Bench; readonly closing: Closing },
): Promise<ToolResult> {
  // It was decided on before the model saw that something did not work.
  if (turn.calls.some((call) => call.kind !== "done")) {
    return failed("Not closed: an earlier call of this reply did not succeed.");
  }
  const answer = await finish.call(input, bench);
  if (answer.kind !== "done") return answer;
  const { summary, proof } = Finish.parse(input);
  const closed = await closing.close(proof);
  if (closed.kind === "refused") return failed(closed.why);
  turn.ending = { kind: "finished", summary: visible(summary), proofs: closed.proofs };
  return answer;
}

function shareOf(calls: number, limits: WorkerLimits): number {
  const share = Math.floor(limits.maxReplyOutput / Math.min(calls, limits.maxCallsPerReply));
  return Math.min(share, limits.maxCallOutput);
}

function told(repeats: number): string {
  return `[You made this call ${repeats} times with the same result. Do something else.]`;
}
