import { code } from "./escape.ts";

const SHOWN = 10;

/** Names the files whose changes were dropped since they lie outside the work items; nothing where there are none. */
export function leftBehindText(paths: readonly string[] = []): readonly string[] {
  if (paths.length === 0) return [];
  const named = paths.slice(0, SHOWN).map((path) => code(path));
  const rest = paths.length > SHOWN ? ` and ${paths.length - SHOWN} more` : "";
  return [
    `Changes outside the paths of the work items were left behind: ${named.join(", ")}${rest}.`,
  ];
}
