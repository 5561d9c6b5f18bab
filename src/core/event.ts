import { z } from "zod";
import { CommandResult } from "./evidence.ts";
import { Outcome } from "./outcome.ts";
import { WorkItem } from "./plan.ts";
import type { Redact } from "./redact.ts";
import { visible } from "./untrusted.ts";
import { Usage } from "./usage.ts";

/** The longest text of an event: a line for people, never a body. */
const LONGEST = 300;
const Text = z.string().max(LONGEST);
const Count = z.number().int().nonnegative();

const OutcomeKind = z.enum(Outcome.options.map(({ shape }) => shape.kind.value));

/** How one command ended, without what it wrote. */
const Ending = {
  exitCode: CommandResult.shape.exitCode,
  ending: CommandResult.shape.ending,
  durationMs: CommandResult.shape.durationMs,
};

/** One thing that happened to a task. Small: names, numbers and lines for people. */
export const TaskEvent = z.discriminatedUnion("kind", [
  /** A worker process took the task, for the first time or again. */
  z.object({ kind: z.literal("claimed"), crashes: Count }),
  /** The work was cut off, and is to be tried again. */
  z.object({ kind: z.literal("interrupted"), reason: Text }),
  /** Stored with the outcome itself: there is none before the task has ended, and one after it. */
  z.object({ kind: z.literal("ended"), outcome: OutcomeKind }),
  z.object({ kind: z.literal("stage"), stage: Text, phase: z.enum(["start", "end"]) }),
  z.object({
    kind: z.literal("planned"),
    items: z.array(
      z.object({
        id: Text,
        title: Text,
        department: WorkItem.shape.department,
        dependsOn: z.array(Text),
      }),
    ),
  }),
  /** Somebody gave the word that the plan waited for; stored with it. */
  z.object({ kind: z.literal("answered"), by: Text }),
  z.object({ kind: z.literal("item-started"), item: Text }),
  z.object({ kind: z.literal("item-finished"), item: Text, files: Count }),
  z.object({ kind: z.literal("item-failed"), item: Text, code: Text, reason: Text }),
  /** `because` is the failed item that it builds on; absent where nothing at all was started any more. */
  z.object({ kind: z.literal("item-not-started"), item: Text, because: Text.optional() }),
  /** One reply of a model and what came of the tool calls in it. */
  z.object({
    kind: z.literal("step"),
    agent: Text,
    number: Count,
    model: Text.optional(),
    usage: Usage,
    calls: z.array(
      z.object({ name: Text, ended: z.enum(["done", "failed", "malformed", "not-run"]) }),
    ),
    /** How the model's own words begin. */
    text: Text.optional(),
  }),
  /** What models have cost so far, in millionths of a dollar, of the most that they may. */
  z.object({
    kind: z.literal("spent"),
    spent: Count,
    isAtMost: z.boolean(),
    cap: Count.optional(),
  }),
  /** An agent ran a command. */
  z.object({ kind: z.literal("command"), agent: Text, command: Text, ...Ending }),
  z.object({
    kind: z.literal("check"),
    name: Text,
    /** Before anything was changed, or what is to be proposed. */
    on: z.enum(["base", "head"]),
    passed: z.boolean(),
    ...Ending,
  }),
  /** One worker told another one something, or all of them. */
  z.object({ kind: z.literal("posted"), from: Text, to: Text }),
  /** The plan waits for a person's word. */
  z.object({ kind: z.literal("asked"), questions: Count }),
  z.object({ kind: z.literal("correction"), attempt: Count, item: Text }),
  z.object({ kind: z.literal("pull-request"), number: Count, url: Text }),
]);
export type TaskEvent = z.infer<typeof TaskEvent>;

/** What this version does not know, or what was changed by hand: to be passed over with a word. */
interface Unreadable {
  readonly kind: "unreadable";
  readonly name: string;
}

/** An event in its place in the record. */
export interface KeptEvent {
  /** Grows from event to event of a task, with gaps. */
  readonly seq: number;
  /** ISO 8601. */
  readonly at: string;
  readonly event: TaskEvent | Unreadable;
}

/** Where events are kept, in the order of their coming. */
export interface EventRecord {
  /** Committed when it resolves, with its place. The same key again is the same event. */
  append(taskId: string, event: TaskEvent, key: string): Promise<number>;
  /** The first events after this place, oldest first; none appears later before one that was read. */
  after(taskId: string, seq: number, limit: number): Promise<readonly KeptEvent[]>;
  /** The newest of this kind that can be read. */
  latest<Kind extends TaskEvent["kind"]>(
    taskId: string,
    kind: Kind,
  ): Promise<Extract<TaskEvent, { readonly kind: Kind }> | undefined>;
}

// Names by which programs find things. What is not listed is text, also in a new event.
const NAMES = new Set(
  "kind outcome stage phase id item agent because dependsOn from to department code ended ending on url".split(
    " ",
  ),
);

/**
 * The event as it is kept: only its own fields, each of its texts one line, visible, without secrets and bounded.
 * Undefined where it makes no sense.
 */
export function tidied(event: TaskEvent, redact: Redact): TaskEvent | undefined {
  return TaskEvent.safeParse(walked(event, redact)).data;
}

function walked(part: unknown, redact: Redact): unknown {
  if (typeof part === "string") return line(part, redact);
  if (Array.isArray(part)) return part.map((one) => walked(one, redact));
  if (part === null || typeof part !== "object") return part;
  const entries = Object.entries(part);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, walked(value, NAMES.has(name) ? unchanged : redact)]),
  );
}

const unchanged: Redact = (text) => text;

/** What of a text fits into an event. Redacted when nothing invisible parts a secret, and before it is cut. */
function line(text: string, redact: Redact): string {
  // Far more than is kept: texts may be megabytes, of which only the beginning counts.
  const start = visible(text.slice(0, LONGEST * 20).toWellFormed());
  const words = redact(start.replaceAll(/\s+/g, " ").trim());
  if (words.length <= LONGEST) return words;
  return `${words.slice(0, LONGEST - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}

/** What a row of the record says. */
export function readEvent(name: string, data: unknown): KeptEvent["event"] {
  const fields = typeof data === "object" && data !== null ? data : {};
  const { data: event } = TaskEvent.safeParse({ ...fields, kind: name });
  return event ?? { kind: "unreadable", name: line(name, unchanged) };
}
