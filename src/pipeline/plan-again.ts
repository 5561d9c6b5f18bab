import type { Architect } from "../swarm/architect.ts";
import { briefOf } from "./brief.ts";
import { openLibrary } from "./library.ts";
import { plannedWith } from "./record-run.ts";
import type { Briefed, Row } from "./trajectory.ts";
import type { ReplayPlace } from "./work-again.ts";

interface Again extends Pick<ReplayPlace, "mirror" | "syntax"> {
  readonly briefed: Briefed;
  readonly architect: Architect;
  /** Takes the rows of the new run. */
  readonly rows: Row[];
  readonly signal: AbortSignal;
}

/** Lets the architect plan again what it was told of, over the commit that it looked into. */
export async function planAgain(again: Again): Promise<void> {
  const { briefed, architect, rows, mirror, syntax, signal } = again;
  const { commit } = briefed;
  const brief = await briefOf(mirror, briefed);
  const library = openLibrary({ mirror, commit, syntax, signal });
  const result = await architect.plan(brief, {
    signal,
    library,
    onStep: (step) => void rows.push({ kind: "step", ...step }),
  });
  rows.push(plannedWith(result));
}
