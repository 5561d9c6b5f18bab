import { NexusError, type RefusedPath } from "../../src/core/errors.ts";

const MAX_LISTED = 100;
const MAX_SHOWN = 3;
const MAX_TEXT = 300;

/** The paths of one change that are refused. Nothing of the change is carried if there is any. */
export interface Refusals {
  add(path: string, why: string): void;
  /** Throws one `sandbox.refused-path` that names them all; beyond 100 they are counted. */
  throwIfAny(): void;
}

/** Starts with none. */
export function collectRefusals(): Refusals {
  const listed: RefusedPath[] = [];
  let count = 0;
  return {
    add(path, why) {
      count += 1;
      if (listed.length < MAX_LISTED) listed.push({ path: shortened(path), why });
    },
    throwIfAny() {
      if (count === 0) return;
      const more = count - listed.length;
      throw refusal(more === 0 ? listed : [...listed, { path: "…", why: `and ${more} more` }]);
    },
  };
}

/** The refusal of a change as a whole. */
export function refusedWhole(why: string): NexusError {
  return refusal([{ path: ".", why }]);
}

// Names are quoted: they are hostile text.
function refusal(paths: readonly RefusedPath[]): NexusError {
  const shown = paths.slice(0, MAX_SHOWN).map(({ path, why }) => `${JSON.stringify(path)}: ${why}`);
  const rest = paths.length > MAX_SHOWN ? "; and others" : "";
  return new NexusError("sandbox.refused-path", `${shown.join("; ")}${rest}.`, {
    hint: "Nexus does not carry this into a commit. Leave it out of the change.",
    paths,
  });
}

function shortened(path: string): string {
  return path.length <= MAX_TEXT ? path : `${path.slice(0, MAX_TEXT)}…`;
}
