interface Span {
  readonly kind: "code" | "comment";
  readonly from: number;
  readonly to: number;
}

/** Which lines of a paragraph begin inside a code span or a hidden comment. */
export function startsInsideSpan(lines: readonly string[]): readonly boolean[] {
  const spans = spansOf(lines.join("\n"));
  let start = 0;
  let next = 0;
  return lines.map((line) => {
    while ((spans[next]?.to ?? Number.POSITIVE_INFINITY) <= start) next++;
    const inside = (spans[next]?.from ?? Number.POSITIVE_INFINITY) < start;
    start += line.length + 1;
    return inside;
  });
}

/** The same lines without the text of hidden comments. */
export function withoutComments(lines: readonly string[]): readonly string[] {
  const text = lines.join("\n");
  const parts: string[] = [];
  let at = 0;
  for (const { kind, from, to } of spansOf(text)) {
    if (kind === "code") continue;
    const hidden = text.slice(from, to);
    // Newlines stay: every line keeps its number.
    parts.push(text.slice(at, from), hidden.replaceAll(/[^\n]/g, ""));
    at = to;
  }
  return [...parts, text.slice(at)].join("").split("\n");
}

/** Code spans and comments from left to right, whichever begins first. Linear in the length. */
function spansOf(text: string): readonly Span[] {
  const closers = createClosers(text);
  const spans: Span[] = [];
  const marks = /\\[\s\S]|`+|<!--/g;
  for (let mark = marks.exec(text); mark; mark = marks.exec(text)) {
    const from = mark.index;
    const to = closers.after(mark[0], from);
    if (to === undefined) continue;
    spans.push({ kind: mark[0].startsWith("`") ? "code" : "comment", from, to });
    marks.lastIndex = to;
  }
  return spans;
}

/** Finds the end of what a mark opens. Positions only move forward, so every search starts where the last one ended. */
function createClosers(text: string) {
  const runs = new Map<number, number[]>();
  for (const run of text.matchAll(/`+/g)) {
    const known = runs.get(run[0].length);
    if (known) known.push(run.index);
    else runs.set(run[0].length, [run.index]);
  }
  const used = new Map<number, number>();
  const lastComment = text.lastIndexOf("-->");

  const backticks = (length: number, from: number): number | undefined => {
    const positions = runs.get(length) ?? [];
    let index = used.get(length) ?? 0;
    while ((positions[index] ?? Number.POSITIVE_INFINITY) <= from) index++;
    used.set(length, index);
    const position = positions[index];
    return position === undefined ? undefined : position + length;
  };

  return {
    after(mark: string, from: number): number | undefined {
      if (mark.startsWith("`")) return backticks(mark.length, from);
      if (mark !== "<!--" || lastComment < from + 2) return undefined;
      return text.indexOf("-->", from + 2) + 3;
    },
  };
}
