/** How one kind of wildcard runs along a row of characters or of folder names. */
interface Alphabet {
  /** The pattern element that stands for any number of elements. */
  readonly any: string;
  /** Whether that element may stand for this one. */
  absorbs(element: string): boolean;
  matches(pattern: string, element: string): boolean;
}

const CHARACTERS: Alphabet = {
  any: "*",
  absorbs: () => true,
  matches: (pattern, character) => pattern === "?" || pattern === character,
};

const SEGMENTS: Alphabet = {
  any: "**",
  absorbs: (segment) => !segment.startsWith("."),
  matches: matchesSegment,
};

const MAX_ALTERNATIVES = 64;

/**
 * Whether a glob covers a path. `*` and `?` stay within a folder name, `**` as a whole name covers folders,
 * `{a,b}` are alternatives, brackets mean themselves (they are common in paths), and wildcards do not
 * cover names that begin with a dot. Takes time in proportion to both lengths, whatever they hold.
 */
export function matchesGlob(glob: string, path: string): boolean {
  const segments = path.split("/");
  return alternatives(glob).some((plain) => runsAlong(plain.split("/"), segments, SEGMENTS));
}

/** Whether the text can cover more than the path it spells. */
export function isGlob(text: string): boolean {
  return /[*?]/.test(text) || alternatives(text).length !== 1;
}

/** The globs without braces that this one stands for; none when there are too many. */
export function alternatives(glob: string): readonly string[] {
  let open = [glob];
  for (;;) {
    const next = open.flatMap(expandOne);
    if (next.length > MAX_ALTERNATIVES) return [];
    if (next.length === open.length && next.every((text, i) => text === open[i])) return open;
    open = next;
  }
}

/** The innermost first pair of braces that holds a comma, replaced by each of its parts. */
function expandOne(glob: string): string[] {
  const found = /\{(?<parts>[^{},]*(?:,[^{},]*)+)\}/.exec(glob);
  if (!found) return [glob];
  const before = glob.slice(0, found.index);
  const after = glob.slice(found.index + found[0].length);
  return (found.groups?.parts ?? "").split(",").map((part) => before + part + after);
}

function matchesSegment(pattern: string, segment: string): boolean {
  if (segment.startsWith(".") && !pattern.startsWith(".")) return false;
  return runsAlong(Array.from(pattern), Array.from(segment), CHARACTERS);
}

function runsAlong(
  pattern: readonly string[],
  row: readonly string[],
  alphabet: Alphabet,
): boolean {
  let reached = [true, ...row.map(() => false)];
  for (const part of pattern) reached = advance(reached, part, { row, alphabet });
  return reached.at(-1) === true;
}

/** Which positions of the row can be reached once one more part of the pattern is used up. */
function advance(
  reached: readonly boolean[],
  part: string,
  { row, alphabet }: { row: readonly string[]; alphabet: Alphabet },
): boolean[] {
  if (part === alphabet.any) {
    let open = reached[0] === true;
    return [
      open,
      ...row.map((element, i) => {
        open = reached[i + 1] === true || (open && alphabet.absorbs(element));
        return open;
      }),
    ];
  }
  return [
    false,
    ...row.map((element, i) => reached[i] === true && alphabet.matches(part, element)),
  ];
}
