import { startsInsideSpan, withoutComments } from "./inline-spans.ts";
import { openRegion, type Region } from "./regions.ts";

/** A line a person wrote and everybody sees. */
export interface WrittenLine {
  readonly text: string;
  /** Whether GitHub shows its beginning as the writer's own words: no code, no quote, nothing hidden. */
  readonly ownWords: boolean;
}

const MAIL_BELOW = /^\s*-{2,}\s*(?:original|forwarded) message\s*-{2,}\s*$/i;
const QUOTE = /^ {0,3}>/;
const INDENTED_CODE = /^(?: {4}| {0,3}\t)/;
const OWN_BLOCK = /^ {0,3}(?:#{1,6}(?:\s|$)|(?:[-+*]|\d{1,9}[.)])(?:\s|$))/;
const HEADING = /^ {0,3}#{1,6}(?:\s|$)/;

/** The lines of a comment without its hidden ones, up to where a forwarded mail begins. Linear in the length. */
export function writtenLines(body: string): readonly WrittenLine[] {
  const reader = createReader();
  for (const line of body.split(/\r\n|\n|\r/)) {
    if (!reader.read(line)) break;
  }
  return reader.lines();
}

/** Follows Markdown's blocks line by line; paragraphs are judged when they end, as their spans cross lines. */
function createReader() {
  const written: WrittenLine[] = [];
  let paragraph: string[] = [];
  let region: Region | undefined;
  let quoting = false;

  const foreign = (text: string) => written.push({ text, ownWords: false });
  const endParagraph = () => {
    if (paragraph.length === 0) return;
    written.push(...judged(paragraph));
    paragraph = [];
  };

  /** Lines inside a fence, a hidden comment or an HTML block. False: the region ended before this line. */
  const inRegion = (line: string): boolean => {
    const step = region?.step(line);
    if (!step || step.ended === "before") {
      region = undefined;
      return false;
    }
    if (step.ended === "here") region = undefined;
    if (step.shown !== undefined) foreign(step.shown);
    return true;
  };

  const opensRegion = (line: string): boolean => {
    region = openRegion(line);
    if (!region) return false;
    endParagraph();
    quoting = false;
    return inRegion(line);
  };

  /** Quoted lines, and the lines Markdown draws into the quote because no blank line parts them. */
  const inQuote = (line: string): boolean => {
    const quoted = QUOTE.test(line);
    if (quoted) {
      endParagraph();
      quoting = line.trim() !== ">";
    } else if (OWN_BLOCK.test(line)) {
      quoting = false;
    }
    if (quoted || quoting) foreign(line);
    return quoted || quoting;
  };

  const prose = (line: string) => {
    if (OWN_BLOCK.test(line)) endParagraph();
    if (paragraph.length === 0 && INDENTED_CODE.test(line)) foreign(line);
    else paragraph.push(line);
    if (HEADING.test(line)) endParagraph();
  };

  const blank = () => {
    endParagraph();
    quoting = false;
    foreign("");
  };

  return {
    /** False when nothing after this line was written by the commenter. */
    read(line: string): boolean {
      if (region && inRegion(line)) return true;
      if (MAIL_BELOW.test(line)) return false;
      if (line.trim() === "") blank();
      else if (!opensRegion(line) && !inQuote(line)) prose(line);
      return true;
    },
    lines(): readonly WrittenLine[] {
      endParagraph();
      return written;
    },
  };
}

function judged(paragraph: readonly string[]): WrittenLine[] {
  const inside = startsInsideSpan(paragraph);
  return withoutComments(paragraph).map((text, index) => ({
    text,
    ownWords: !inside[index] && !INDENTED_CODE.test(paragraph[index] ?? ""),
  }));
}
