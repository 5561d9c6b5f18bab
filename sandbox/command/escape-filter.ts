const ESC = "\u001b";
const BELL = "\u0007";
const CSI = "\u009b";
const STRING_END = "\u009c";
/** DCS, SOS, OSC, PM and APC, by their one character and by the letter after an escape. */
const STRING_CHARACTERS = "\u0090\u0098\u009d\u009e\u009f";
const STRING_LETTERS = "PX]^_";

/** Beyond this a string sequence is taken for an opening that was never meant as one: its text is shown. */
const LONGEST_STRING = 65_536;

// Control characters but tab, newline and carriage return, and what turns the direction of reading.
const UNWANTED = /[^\P{Cc}\t\n\r]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const PARAMETERS = /[ -?]*/y;
const PAYLOAD = new RegExp(`[^${BELL}${ESC}${STRING_CHARACTERS}${STRING_END}]*`, "y");
// A window title has no second line; pictures have.
const TITLE = new RegExp(`[^${BELL}${ESC}${STRING_CHARACTERS}${STRING_END}\n]*`, "y");

/** Takes text in pieces, cut anywhere, and gives back what of it is neither escape nor control character. */
export interface EscapeFilter {
  take(text: string): string;
  /** What was opened and never closed is shown as text. */
  finish(): string;
}

/** A filter at the start of a text. Each character is looked at once, however the escapes are nested. */
export function createEscapeFilter(): EscapeFilter {
  const filter: Filter = { state: "text", held: "", title: false, out: [] };
  const result = () => {
    const clean = filter.out.join("");
    filter.out = [];
    return clean;
  };
  return {
    take(text) {
      for (let at = 0; at < text.length; ) at = TAKE[filter.state](filter, text, at);
      return result();
    },
    finish() {
      show(filter);
      return result();
    },
  };
}

type State = "text" | "escape" | "intermediate" | "parameters" | "string" | "string-escape";

interface Filter {
  state: State;
  /** Payload of a string that may never be closed. */
  held: string;
  /** Whether the string is an OSC. */
  title: boolean;
  out: string[];
}

/** Takes what it can of the text from a place on, and says where the next one goes on. */
type Take = (filter: Filter, text: string, at: number) => number;

const TAKE: Readonly<Record<State, Take>> = {
  text(filter, text, at) {
    UNWANTED.lastIndex = at;
    const next = UNWANTED.exec(text);
    filter.out.push(text.slice(at, next?.index));
    if (!next) return text.length;
    const [char] = next;
    if (char === ESC) filter.state = "escape";
    else if (char === CSI || STRING_CHARACTERS.includes(char)) open(filter, char);
    return next.index + 1;
  },
  escape(filter, text, at) {
    const char = text.charAt(at);
    if (char === "[" || STRING_LETTERS.includes(char)) {
      open(filter, char);
      return at + 1;
    }
    filter.state = isBetween(char, " ", "/") ? "intermediate" : "text";
    return isBetween(char, " ", "~") ? at + 1 : at;
  },
  intermediate(filter, text, at) {
    const char = text.charAt(at);
    if (isBetween(char, " ", "/")) return at + 1;
    filter.state = "text";
    return isBetween(char, "0", "~") ? at + 1 : at;
  },
  parameters(filter, text, at) {
    const end = at + matchAt(PARAMETERS, text, at).length;
    if (end === text.length) return end;
    filter.state = "text";
    return isBetween(text.charAt(end), "@", "~") ? end + 1 : end;
  },
  string(filter, text, at) {
    const body = matchAt(filter.title ? TITLE : PAYLOAD, text, at);
    filter.held += body;
    const end = at + body.length;
    if (filter.held.length > LONGEST_STRING) return showAt(filter, end);
    if (end === text.length) return end;
    if (text.charAt(end) !== ESC) return close(filter, text, end);
    filter.state = "string-escape";
    return end + 1;
  },
  "string-escape"(filter, text, at) {
    if (text.charAt(at) === "\\") {
      filter.held = "";
      filter.state = "text";
      return at + 1;
    }
    show(filter);
    filter.state = "escape";
    return at;
  },
};

function open(filter: Filter, opener: string): void {
  filter.state = opener === "[" || opener === CSI ? "parameters" : "string";
  filter.title = opener === "]" || opener === "\u009d";
}

function close(filter: Filter, text: string, at: number): number {
  if (text.charAt(at) !== BELL && text.charAt(at) !== STRING_END) return showAt(filter, at);
  filter.held = "";
  filter.state = "text";
  return at + 1;
}

function showAt(filter: Filter, at: number): number {
  show(filter);
  return at;
}

function show(filter: Filter): void {
  filter.out.push(filter.held.replace(UNWANTED, ""));
  filter.held = "";
  filter.state = "text";
}

function isBetween(char: string, first: string, last: string): boolean {
  return char >= first && char <= last;
}

function matchAt(sticky: RegExp, text: string, at: number): string {
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0] ?? "";
}
