import type { Correction } from "../core/correction.ts";
import { code, inline } from "./escape.ts";

const SHOWN = 10;
const FILES = 10;
const ENDINGS: Readonly<Record<Exclude<Correction["ending"], "kept">, string>> = {
  "thrown-away": "It was thrown away: no less failed with it.",
  unchanged: "It changed nothing.",
  repeated: "It came to a state that was known to be red.",
  "gave-up": "It was not finished.",
};

/** What was tried to make red checks pass, and what came of it; nothing where nothing was. */
export function triedText(tried: readonly Correction[] = []): readonly string[] {
  if (tried.length === 0) return [];
  const lines = tried.slice(0, SHOWN).map(lineOf);
  const left = tried.length - lines.length;
  if (left > 0) lines.push(`- and ${left} more`);
  return [lines.join("\n")];
}

/** The same under a heading of its own. */
export function triedSection(tried: readonly Correction[] = []): readonly string[] {
  return tried.length === 0 ? [] : ["**What was tried:**", ...triedText(tried)];
}

function lineOf(one: Correction): string {
  return [`- ${byWhom(one)}:`, changed(one), after(one), endingOf(one)].filter(Boolean).join(" ");
}

function endingOf({ ending, stopped }: Correction): string {
  if (ending === "kept") return "";
  if (ending !== "gave-up" || !stopped) return ENDINGS[ending];
  return `It was not finished: ${inline(stopped.reason, 300)} (${code(stopped.code, 60)})`;
}

function byWhom({ kind, blamed, models }: Correction): string {
  const items = blamed.map(({ title }) => `“${inline(title, 120)}”`).join(", ");
  const what = items === "" ? "everything that was changed" : items;
  const by = models.length > 0 ? ` (${models.map((name) => code(name, 100)).join(", ")})` : "";
  switch (kind) {
    case "continued":
      return `Correcting ${what}, going on from the work${by}`;
    case "fresh":
      return `Correcting ${what} anew, by a worker who knew nothing of the work${by}`;
    case "left-out":
      return `Leaving out ${what}`;
    default:
      return kind satisfies never;
  }
}

function changed({ files }: Correction): string {
  if (files.length === 0) return "";
  const names = files
    .slice(0, FILES)
    .map(
      ({ path, insertions = 0, deletions = 0 }) => `${code(path)} (+${insertions} −${deletions})`,
    );
  const left = files.length - names.length;
  return `${names.join(", ")}${left > 0 ? ` and ${left} more` : ""}.`;
}

/** What the checks said that were run on it; nothing where they were not. */
function after({ redBefore, redAfter }: Correction): string {
  if (!redAfter) return "";
  if (redAfter.length === 0) return "Green with it.";
  const isSame = redAfter.join("\n") === redBefore.join("\n");
  const names = redAfter.map((name) => code(name, 100)).join(", ");
  return isSame ? `Still red with it: ${names}.` : `Red with it: ${names}.`;
}
