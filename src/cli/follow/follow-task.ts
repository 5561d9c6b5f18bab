import { NexusError } from "../../core/errors.ts";
import type { KeptEvent } from "../../core/event.ts";
import type { Tasks } from "../../core/record.ts";
import { eventText } from "./event-text.ts";

/** Which task is to be followed, and for whom. */
export interface FollowWish {
  readonly kind: "follow";
  readonly taskId: string;
  /** One line of JSON for each event. */
  readonly json: boolean;
}

interface Parts {
  readonly tasks: Pick<Tasks, "find">;
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
  const task = await parts.tasks.find(taskId);
  if (!task) {
    throw new NexusError("task.unknown", `There is no task ${JSON.stringify(taskId)}.`, {
      hint: "Its id stands below the comment in which Nexus tells how it goes.",
    });
  }
  // Details of a task that ended long ago are deleted: nothing more would come.
  const all = task.state === "done" ? kept(taskId, parts) : parts.follow(taskId, 0, signal);
  let last: KeptEvent["event"]["kind"] | undefined;
  for await (const event of all) {
    parts.out(json ? `${JSON.stringify(event)}\n` : eventText(event));
    last = event.event.kind;
    if (last === "ended") return 0;
  }
  if (task.outcome && !json) parts.out(`ended: ${task.outcome.kind}; its details are deleted\n`);
  return 0;
}

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
