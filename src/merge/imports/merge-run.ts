import { arrange } from "./arrange.ts";
import { bindsWell } from "./binds-well.ts";
import { type Aligned, alignSides, type Entry, type RunSides } from "./entries.ts";
import { type Import, meanTheSame } from "./import.ts";
import { type Compare, caselessly, plainly, type Translation } from "./import-language.ts";
import { leadAfter } from "./leads.ts";
import { type MergedImport, mergeImport, unchangedImport, type Writing } from "./merge-import.ts";
import { translation } from "./translate.ts";

/** A statement on its way into the merged run, with what stands before it. */
interface Placed extends MergedImport {
  readonly lead: string;
}

interface MergedRun {
  readonly text: string;
  /** True where one side went over to another kind of module, and what the other added goes with it. */
  readonly isTranslated: boolean;
}

/**
 * One run from both sides: every statement and name that neither side removed and either added, each once. Undefined
 * where the sides changed one thing in two ways, or where a name would be bound twice, lost, or brought back.
 */
export function mergeRun(
  sides: RunSides,
  writing: Writing & { readonly translation?: Translation | undefined },
): MergedRun | undefined {
  const aligned = alignSides(sides);
  const placed = new Map<string, Placed>();
  const translated = translation([...aligned.entries.values()], writing.translation);
  const added = translated === "same" ? unchangedImport : translated;
  for (const [id, entry] of aligned.entries) {
    const settled = settle(entry, { ...writing, added });
    if (settled === undefined) return undefined;
    if (settled !== "deleted") placed.set(id, settled);
  }
  const order = orderOf(aligned, placed);
  const merged = order.flatMap((id) => placed.get(id) ?? []);
  const bound = merged.flatMap(({ binds }) => binds);
  if (merged.length === 0 || !bindsWell(sides, bound)) return undefined;
  const text = merged
    .map(({ text: own, lead }, at) => {
      if (at === 0) return own;
      const here = { id: order[at] ?? "", lead };
      return (leadAfter(order[at - 1] ?? "", here, aligned) || leadIn(sides)) + own;
    })
    .join("");
  return { text, isTranslated: translated !== "same" };
}

/** What the statement that was the first one has before it where it is no longer. */
function leadIn({ base, ours, theirs }: RunSides): string {
  const leads = [...base, ...ours, ...theirs].flatMap(({ lead }) => /\n[ \t]*$/.exec(lead) ?? []);
  return leads[0] ?? "\n";
}

interface Settling extends Writing {
  /** What one side added, as it is to be written. */
  readonly added: (one: Import) => MergedImport | undefined;
}

function settle(entry: Entry, writing: Settling): Placed | "deleted" | undefined {
  const { base, ours, theirs } = entry;
  if (ours && theirs) {
    const merged = mergeImport({ base, ours, theirs }, writing);
    const lead = mergedLead(entry);
    return merged && lead !== undefined ? { ...merged, lead } : undefined;
  }
  const one = ours ?? theirs;
  if (!one) return "deleted";
  if (!base) {
    const added = writing.added(one);
    return added && { ...added, lead: one.lead };
  }
  return meanTheSame(base, one) ? "deleted" : undefined;
}

/** Space between statements is worth no conflict; a comment is. */
function mergedLead({ base, ours, theirs }: Entry): string | undefined {
  const [was, our = "", their = ""] = [base?.lead, ours?.lead, theirs?.lead];
  if (our === their || their === was) return our;
  if (our === was) return their;
  return (our + their).trim() === "" ? our : undefined;
}

/** By source where both sides sort by source, else as they stand. */
function orderOf({ entries, lists }: Aligned, placed: ReadonlyMap<string, Placed>) {
  const source = (id: string) => {
    const entry = entries.get(id);
    return (placed.get(id) ?? entry?.ours ?? entry?.theirs ?? entry?.base)?.from ?? "";
  };
  const orders = [plainly, caselessly].map(
    (compare): Compare =>
      (one, other) =>
        compare(source(one), source(other)),
  );
  return arrange(lists, new Set(placed.keys()), orders);
}
