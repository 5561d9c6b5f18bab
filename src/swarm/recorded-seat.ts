import type { Seat } from "./board.ts";
import type { CallStep, Step } from "./step.ts";

/** A place at a board at which everything happens as it did in the recorded steps: what was heard after each, and what became of each message and note. */
export function recordedSeat(steps: readonly Step[]): Seat {
  const calls = steps.flatMap((step) => step.calls);
  const answered = (name: string) =>
    calls.filter((call) => call.name === name && (call.kind === "done" || call.kind === "failed"));
  const posts = answered("post_message").values();
  const notes = answered("remember").values();
  const heard = steps.map((step) => step.heard ?? []).values();
  return {
    async post(to) {
      const refused = refusalIn(posts.next().value);
      return refused ?? { kind: "posted", to };
    },
    async note() {
      return refusalIn(notes.next().value) ?? { kind: "kept" };
    },
    heard: () => heard.next().value ?? [],
  };
}

function refusalIn(call: CallStep | undefined) {
  if (call?.kind !== "failed") return undefined;
  // What the loop adds to an answer that came before, it adds again.
  const why = call.result.replace(/\n\[You made this call \d+ times[^\n]*$/, "");
  return { kind: "refused", why } as const;
}
