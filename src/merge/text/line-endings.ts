/** How the lines of a text end; `mixed` where they differ, `none` where no line ends. */
export type LineEnding = "lf" | "crlf" | "mixed" | "none";

/** How the lines of a text end. */
export function lineEndingOf(text: string): LineEnding {
  let feeds = 0;
  let pairs = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    feeds += 1;
    if (text[at - 1] === "\r") pairs += 1;
  }
  if (feeds === 0) return "none";
  if (pairs === 0) return "lf";
  return pairs === feeds ? "crlf" : "mixed";
}

/** The text with every line ending as asked. */
export function withLineEnding(text: string, ending: "lf" | "crlf"): string {
  const plain = text.replaceAll("\r\n", "\n");
  return ending === "lf" ? plain : plain.replaceAll("\n", "\r\n");
}
