import { clip } from "../../core/clip.ts";
import type { Weakening } from "../../core/weakening.ts";
import type { FailingPlace } from "../../healing/places/place.ts";
import type { RedCheck } from "./red-places.ts";

const LONGEST = { place: 1_500, output: 6_000, all: 24_000 };
const MOST_WEAKENED = 20;
const WEAKER = "Besides, the work makes tests, or what runs them, prove less than before:";

/** What of it all is one worker's. */
interface Mine {
  readonly places: readonly FailingPlace[];
  /** Where the change makes tests prove less. */
  readonly weakened: readonly Weakening[];
}

/**
 * The red checks for the worker who is to mend them: how each ended, the places that are this worker's first, how many
 * more there are, and the ends of the output; then where its work makes tests prove less. Hostile text.
 */
export function failuresText(red: readonly RedCheck[], mine: Mine): string {
  const own = new Set(mine.places);
  const weaker = mine.weakened
    .slice(0, MOST_WEAKENED)
    .map(({ path, line, kind, text }) => `- ${path}:${line}: ${kind}: ${text}`);
  const said = weaker.length > 0 ? [[WEAKER, ...weaker].join("\n")] : [];
  return clip([...red.map((check) => checkText(check, own)), ...said].join("\n\n"), LONGEST.all);
}

function checkText(
  { check, places, followers }: RedCheck,
  mine: ReadonlySet<FailingPlace>,
): string {
  const own = places.filter((place) => mine.has(place));
  const others = places.filter((place) => !mine.has(place)).map(headline);
  return [
    `Check ${check.name}: \`${check.command}\` ended with exit code ${check.exitCode} (${check.ending}).`,
    ...own.map((place) => `${headline(place)}\n${clip(place.excerpt, LONGEST.place)}`),
    ...(own.length > 0 && others.length > 0 ? ["Not led back to your item:"] : []),
    ...others,
    ...(followers > 0 ? [`And ${followers} more like these.`] : []),
    `Its output:\n${clip(check.output, LONGEST.output)}`,
  ].join("\n");
}

function headline({ file, line, column, code, test, message }: FailingPlace): string {
  const at = [file, line, column].filter((part) => part !== undefined).join(":");
  const named = [at, test === undefined ? "" : `test "${test}"`, code ?? ""];
  return `- ${[...named, message].filter((part) => part !== "").join(": ")}`;
}
