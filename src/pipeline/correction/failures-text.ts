import { clip } from "../../core/clip.ts";
import type { CheckResult, Evidence } from "../../core/evidence.ts";
import type { Weakening } from "../../core/weakening.ts";
import type { FailingPlace } from "../../healing/places/place.ts";
import type { RedCheck } from "./red-places.ts";

const LONGEST = { place: 1_500, output: 6_000, all: 24_000 };
const MOST_WEAKENED = 20;
const WEAKER = "Besides, the work makes tests, or what runs them, prove less than before:";
const RED_BEFORE = "It failed before anybody changed anything, too.";

/** What of it all is one worker's, and what was there before. */
interface Mine {
  readonly places: readonly FailingPlace[];
  /** Where the change makes tests prove less. */
  readonly weakened: readonly Weakening[];
  /** The checks before anybody changed anything, where they were run. */
  readonly baseline?: Evidence | undefined;
}

/**
 * The red checks for the worker who is to mend them, those with places that are this worker's first: how each ended,
 * whether it did before, these places, the others, how many more there are, and the ends of the output; then where its work makes tests prove less. Hostile text.
 */
export function failuresText(red: readonly RedCheck[], mine: Mine): string {
  const own = new Set(mine.places);
  const weaker = mine.weakened
    .slice(0, MOST_WEAKENED)
    .map(({ path, line, kind, text }) => `- ${path}:${line}: ${kind}: ${text}`);
  const said = weaker.length > 0 ? [[WEAKER, ...weaker].join("\n")] : [];
  const isOwn = ({ places }: RedCheck) => places.some((place) => own.has(place));
  const ordered = [...red.filter(isOwn), ...red.filter((check) => !isOwn(check))];
  const checks = ordered.map((one) => {
    const before = mine.baseline?.checks.find(({ command }) => command === one.check.command);
    return checkText(one, own, before);
  });
  return clip([...checks, ...said].join("\n\n"), LONGEST.all);
}

function checkText(
  { check, places, followers }: RedCheck,
  mine: ReadonlySet<FailingPlace>,
  before: CheckResult | undefined,
): string {
  const own = places.filter((place) => mine.has(place));
  const others = places.filter((place) => !mine.has(place)).map(headline);
  return [
    `Check ${check.name}: \`${check.command}\` ended with exit code ${check.exitCode} (${check.ending}).`,
    ...(before && !before.passed ? [RED_BEFORE] : []),
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
