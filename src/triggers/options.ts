import { parseDollars } from "../core/dollars.ts";

/** What a request asks for beside its words. */
export interface RequestOptions {
  /** Nothing is executed or pushed; commands are written down. */
  readonly dryRun: boolean;
  /** What is verified is kept for people to look into, and not pushed. */
  readonly hold: boolean;
  /** The most it may cost, in millionths of a dollar. Of several the lowest. */
  readonly budget?: number;
  /** What was written for a budget and is no amount; then nothing is to be started. */
  readonly misread?: string;
}

/** An option at the edge of the first line; dashes of any kind, since editors turn two into one long one. */
const LEADING = /^[ \t]*(?:--|[\u2013\u2014])(?<name>[a-z][a-z_-]*)(?=\s|$)/i;
const TRAILING = /(?<=^|\s)(?:--|[\u2013\u2014])(?<name>[a-z][a-z_-]*)[ \t]*$/i;

/** The same with what follows it: the option's own value, where it has one. */
const LEADING_VALUE =
  /^[ \t]*(?:--|[\u2013\u2014])(?<name>[a-z][a-z_-]*)(?:[ \t]*[=:][ \t]*|[ \t]+|$)(?<value>\S*)(?=\s|$)/i;
const TRAILING_VALUE =
  /(?<=^|\s)(?:--|[\u2013\u2014])(?<name>[a-z][a-z_-]*)(?:[ \t]*[=:][ \t]*|[ \t]+)(?<value>[^\s-]\S*)[ \t]*$/i;

/**
 * Takes `--dry-run`, `--hold` and `--budget 2.50` off the beginning and the end of a request's first line; the first
 * and the last in any spelling close to it: who wanted a dry run, or a limit, must not get a real or an unlimited
 * one for a missing dash. Other words stay.
 */
export function readOptions(request: string): {
  readonly options: RequestOptions;
  readonly words: string;
} {
  const found: Found = { flags: new Set(), budgets: [], misread: [] };
  const [line = "", ...below] = request.split("\n");
  let first = line;
  for (let rest = takenOff(first, found); rest !== undefined; rest = takenOff(first, found)) {
    first = rest;
  }
  const words = [first.trim(), ...below].join("\n").trim();
  return { options: optionsOf(found), words };
}

interface Found {
  readonly flags: Set<"dryRun" | "hold">;
  readonly budgets: number[];
  readonly misread: string[];
}

function optionsOf({ flags, budgets, misread }: Found): RequestOptions {
  const [unread] = misread;
  return {
    dryRun: flags.has("dryRun"),
    hold: flags.has("hold"),
    ...(budgets.length > 0 && { budget: Math.min(...budgets) }),
    ...(unread !== undefined && { misread: unread }),
  };
}

/** The line without one option at an edge of it; undefined where there is none. */
function takenOff(line: string, found: Found): string | undefined {
  for (const pattern of [LEADING, TRAILING]) {
    const match = pattern.exec(line);
    const option = match && optionNamed(match.groups?.name ?? "");
    if (!match || !option) continue;
    found.flags.add(option);
    return without(line, match);
  }
  for (const pattern of [LEADING_VALUE, TRAILING_VALUE, TRAILING]) {
    const match = pattern.exec(line);
    if (match && isBudget(match, found)) return without(line, match);
  }
  return undefined;
}

function without(line: string, { index, 0: { length } }: RegExpExecArray): string {
  return `${line.slice(0, index)}${line.slice(index + length)}`;
}

const LONGEST_SHOWN = 40;

/** A name that is only close to it is one where an amount stands beside it. */
function isBudget({ groups = {} }: RegExpExecArray, { budgets, misread }: Found): boolean {
  const { name = "", value = "" } = groups;
  const plain = name.toLowerCase().replaceAll(/[_-]/g, "");
  const amount = parseDollars(value);
  if (plain !== "budget" && !(amount !== undefined && isOneSlipAway(plain, "budget"))) return false;
  if (amount === undefined) misread.push(value.slice(0, LONGEST_SHOWN));
  else budgets.push(amount);
  return true;
}

const NAMES = { dryrun: "dryRun", dry: "dryRun", noop: "dryRun", hold: "hold" } as const;

function optionNamed(written: string): "dryRun" | "hold" | undefined {
  const plain = written.toLowerCase().replaceAll(/[_-]/g, "");
  const exact = Object.entries(NAMES).find(([name]) => name === plain);
  if (exact) return exact[1];
  // A dry run too many costs a second comment. Words close to `hold`, such as `--fold`, mean something else.
  return isOneSlipAway(plain, "dryrun") ? "dryRun" : undefined;
}

/** One letter more, less, other, or two changed places. */
export function isOneSlipAway(written: string, name: string): boolean {
  if (Math.abs(written.length - name.length) > 1) return false;
  let same = 0;
  while (same < name.length && written[same] === name[same]) same++;
  const [a, b] = [written.slice(same), name.slice(same)];
  const swapped = a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2);
  return a.slice(1) === b || a === b.slice(1) || a.slice(1) === b.slice(1) || swapped;
}
