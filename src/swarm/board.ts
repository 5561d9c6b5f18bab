import { z } from "zod";
import { visible } from "../core/untrusted.ts";
import type { Heard } from "./step.ts";

/** A message of one worker to another one, or to all. Hostile text. */
const Posted = z.object({ from: z.string(), to: z.string(), text: z.string() });
type Posted = z.infer<typeof Posted>;

/** What a worker found out about the repository and left for later ones. Hostile text. */
export const Note = z.object({ by: z.string(), text: z.string() });
export type Note = z.infer<typeof Note>;

const Kept = z.object({
  /** Whom the messages are for: another plan may use the same ids for other items. */
  items: z.array(z.string()),
  messages: z.array(Posted),
  notes: z.array(Note),
});
type Kept = z.infer<typeof Kept>;

type Refused = { readonly kind: "refused"; readonly why: string };

/** One worker's place at the board. */
export interface Seat {
  /** Kept when it resolves. Throws what the store throws. */
  post(
    to: string,
    text: string,
  ): Promise<{ readonly kind: "posted"; readonly to: string } | Refused>;
  note(text: string): Promise<{ readonly kind: "kept" } | Refused>;
  /** What was posted to it and not handed out at this seat before, oldest first; more is left for the next time. */
  heard(): readonly Heard[];
}

/** What the workers of one task tell each other. */
export interface Board {
  /** A new place, at which everything that was ever posted to the item is still to be heard. */
  seat(item: string): Seat;
  /** Nobody hears what is posted to this item any more. */
  leave(item: string): void;
  notes(): readonly Note[];
}

/** Where the board is kept, so that it is still there after a crash. */
export interface BoardStore {
  load(): Promise<unknown>;
  save(value: unknown): Promise<void>;
}

const LIMITS = { perWorker: 20, perTask: 100, notesPerWorker: 10, notesPerTask: 40, atOnce: 10 };

/** The board of these items as it was kept; an empty one where nothing was, or where it was another plan's. */
export async function openBoard(items: readonly string[], store: BoardStore): Promise<Board> {
  const { data } = Kept.safeParse(await store.load());
  const isSame = JSON.stringify(data?.items) === JSON.stringify(items);
  const messages = isSame ? [...(data?.messages ?? [])] : [];
  const notes = [...(data?.notes ?? [])];
  const gone = new Set<string>();
  let saving: Promise<void> = Promise.resolve();
  const save = () => {
    const value = (): Kept => ({ items: [...items], messages, notes });
    // One after another, also after one that failed: the newest is what stays.
    saving = saving.catch(() => undefined).then(() => store.save(structuredClone(value())));
    return saving;
  };
  return {
    leave: (item) => void gone.add(item),
    notes: () => [...notes],
    seat(item) {
      let next = 0;
      return {
        async post(to, text) {
          const message = { from: item, to, text: cleaned(text) };
          const why = refusal(message, { items, messages, gone });
          if (why !== undefined) return { kind: "refused", why };
          // After a crash a worker begins again and says the same again.
          if (!messages.some((other) => isEqual(other, message))) messages.push(message);
          await save();
          return { kind: "posted", to };
        },
        async note(text) {
          const note = { by: item, text: cleaned(text) };
          if (notes.some((other) => other.text === note.text)) return { kind: "kept" };
          const why = noteRefusal(note, notes);
          if (why !== undefined) return { kind: "refused", why };
          notes.push(note);
          await save();
          return { kind: "kept" };
        },
        heard() {
          const found: Heard[] = [];
          for (; next < messages.length && found.length < LIMITS.atOnce; next += 1) {
            const message = messages[next];
            if (message && isFor(item, message))
              found.push({ from: message.from, text: message.text });
          }
          return found;
        },
      };
    },
  };
}

interface Room {
  readonly items: readonly string[];
  readonly messages: readonly Posted[];
  readonly gone: ReadonlySet<string>;
}

function refusal({ from, to, text }: Posted, { items, messages, gone }: Room): string | undefined {
  const others = items.filter((item) => item !== from);
  const present = others.filter((item) => !gone.has(item));
  if (text.trim() === "") return "Nothing of the message can be seen.";
  if (to === from) return "This is your own work item. Post to another one.";
  if (to !== "all" && !others.includes(to)) {
    return `There is no work item ${visible(to)}. The others are: ${others.join(", ") || "none"}.`;
  }
  if (gone.has(to)) return `${to} has ended: nobody would read it. Say it in your summary.`;
  if (present.length === 0) return "Nobody else is at work: nobody would read it.";
  const own = messages.filter((message) => message.from === from).length;
  if (own >= LIMITS.perWorker) return `You have posted ${own} messages, which is all you may.`;
  return messages.length < LIMITS.perTask ? undefined : "The board is full.";
}

function noteRefusal({ by, text }: Note, notes: readonly Note[]): string | undefined {
  if (text.trim() === "") return "Nothing of the note can be seen.";
  const own = notes.filter((note) => note.by === by).length;
  if (own >= LIMITS.notesPerWorker) return `You have left ${own} notes, which is all you may.`;
  return notes.length < LIMITS.notesPerTask ? undefined : "There are as many notes as are kept.";
}

function isFor(item: string, { from, to }: Posted): boolean {
  return to === item || (to === "all" && from !== item);
}

function isEqual(a: Posted, b: Posted): boolean {
  return a.from === b.from && a.to === b.to && a.text === b.text;
}

function cleaned(text: string): string {
  return visible(text).toWellFormed();
}
