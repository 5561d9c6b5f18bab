/** Longer lines are passed on in parts. */
const LONGEST_LINE = 65_536;

/** Takes text in pieces and passes on whole lines. */
export interface LineAssembler {
  take(text: string): void;
  /** Passes on what has no end of line. */
  finish(): void;
}

/**
 * Puts lines together. A line rewritten in place, as by a progress bar, is passed on with what it said last,
 * unless it is so long that its start has been passed on before.
 */
export function assembleLines(onLines: (text: string) => void): LineAssembler {
  let open = "";
  let returned = false;

  function append(part: string): void {
    if (part === "") return;
    // A return before the end of the line is a part of that end.
    if (returned && !part.startsWith("\n")) open = "";
    returned = false;
    const end = part.lastIndexOf("\n") + 1;
    if (end > 0) {
      onLines(open + part.slice(0, end));
      open = part.slice(end);
    } else open += part;
    if (open.length > LONGEST_LINE) passOn();
  }

  function passOn(): void {
    // Half a character is kept back: the other half follows.
    const end = /[\ud800-\udbff]$/.test(open) ? open.length - 1 : open.length;
    if (end > 0) onLines(open.slice(0, end));
    open = open.slice(end);
  }

  return {
    take(text) {
      let at = 0;
      for (let next = text.indexOf("\r"); next >= 0; next = text.indexOf("\r", at)) {
        append(text.slice(at, next));
        returned = true;
        at = next + 1;
      }
      append(text.slice(at));
    },
    finish() {
      if (open !== "") onLines(open);
      open = "";
    },
  };
}
