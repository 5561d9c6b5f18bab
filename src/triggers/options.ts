/** What a request asks for beside its words. */
export interface RequestOptions {
  /** Nothing is executed or pushed; commands are written down. */
  readonly dryRun: boolean;
  /** What is verified is kept for people to look into, and not pushed. */
  readonly hold: boolean;
}

/** An option at the edge of the first line; dashes of any kind, since editors turn two into one long one. */
const LEADING = /^[ \t]*(?:--|[\u2013\u2014])(?<name>[a-z][a-z_-]*)(?=\s|$)/i;
const TRAILING = /(?<=^|\s)(?:--|[\u2013\u2014])(?<name>[a-z][a-z_-]*)[ \t]*$/i;

/**
 * Takes `--dry-run` and `--hold` off the beginning and the end of a request's first line; the first in any
 * spelling close to it: who wanted a dry run must not get a real one for a missing dash. Other words stay.
 */
export function readOptions(request: string): {
  readonly options: RequestOptions;
  readonly words: string;
} {
  const found = new Set<"dryRun" | "hold">();
  const [line = "", ...below] = request.split("\n");
  let first = line;
  for (const pattern of [LEADING, TRAILING]) {
    for (let match = pattern.exec(first); match; match = pattern.exec(first)) {
      const option = optionNamed(match.groups?.name ?? "");
      if (option === undefined) break;
      found.add(option);
      first = `${first.slice(0, match.index)}${first.slice(match.index + match[0].length)}`;
    }
  }
  const words = [first.trim(), ...below].join("\n").trim();
  return { options: { dryRun: found.has("dryRun"), hold: found.has("hold") }, words };
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
function isOneSlipAway(written: string, name: string): boolean {
  if (Math.abs(written.length - name.length) > 1) return false;
  let same = 0;
  while (same < name.length && written[same] === name[same]) same++;
  const [a, b] = [written.slice(same), name.slice(same)];
  const swapped = a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2);
  return a.slice(1) === b || a === b.slice(1) || a.slice(1) === b.slice(1) || swapped;
}
