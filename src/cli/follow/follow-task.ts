import { NexusError } from "../../core/errors.ts";
import type { KeptEvent } from "../../core/event.ts";
import type { Tasks } from "../../core/record.ts";
import { findTask } from "../find-task.ts";
import { jsonLine } from "../json-line.ts";
import { eventText } from "./event-text.ts";

/** Which task is to be followed, and for whom. */
export interface FollowWish {
  readonly kind: "follow";
  readonly taskId: string;
  /** One line of JSON for each event. */
  readonly json: boolean;
}

interface Parts {
  readonly tasks: Pick<Tasks, "find" | "startingWith">;
  readonly follow: (
    taskId: string,
    afterSeq: number,
    signal: AbortSignal,
  ) => AsyncIterable<KeptEvent>;
  readonly events: (taskId: string, afterSeq: number) => Promise<readonly KeptEvent[]>;
  readonly out: (text: string) => void;
}

/** `nexus follow`: what happened to a task and what happens, a line each, until it has ended. Throws where there is none. */
export async function followTask(
  { taskId, json }: FollowWish,
  parts: Parts,
  signal: AbortSignal,
): Promise<number> {
  const task = await findTask(parts.tasks, taskId);
  if ("why" in task) throw new NexusError("task.unknown", task.why);
  const { id } = task.task;
  // Details of a task that ended long ago are deleted: nothing more would come.
  const all = task.state === "done" ? kept(id, parts) : parts.follow(id, 0, signal);
  const lines = json ? jsonLine : telling();
  let last: KeptEvent["event"]["kind"] | undefined;
  for await (const event of all) {
    parts.out(lines(event));
    last = event.event.kind;
    if (last === "ended") return 0;
  }
  if (task.outcome && !json) parts.out(endText(task.outcome.kind, last !== undefined));
  return 0;
}

function endText(outcome: string, isKept: boolean): string {
  return isKept ? `ended: ${outcome}\n` : `ended: ${outcome}; its details are deleted\n`;
}

/** Lines for a person: a new day is told, and what was spent only where it is another sum. */
function telling(): (event: KeptEvent) => string {
  let [day, spent] = ["", ""];
  return (event) => {
    const text = eventText(event);
    const said = text.slice(TIME);
    const isKnown = event.event.kind === "spent" && said === spent;
    if (event.event.kind === "spent") spent = said;
    if (isKnown) return "";
    const isNewDay = event.at.slice(0, 10) !== day;
    day = event.at.slice(0, 10);
    return isNewDay ? `${day} (UTC)\n${text}` : text;
  };
}

/** What stands before the words of an event. */
const TIME = "00:00:00".length;

/** What is there, to its end. */
async function* kept(taskId: string, { events }: Parts): AsyncGenerator<KeptEvent> {
  let place = 0;
  for (;;) {
    const page = await events(taskId, place);
    yield* page;
    const last = page.at(-1);
    if (!last) return;
    place = last.seq;
  }
}
