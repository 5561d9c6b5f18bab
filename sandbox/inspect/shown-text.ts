import { bytesOf, type RawPath, rawOf } from "../changes/raw-path.ts";

// Control characters but tab and newline, what nobody sees, and what turns the direction of reading.
const UNSEEN = /[^\P{Cc}\t\n]|[\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;
const PLAIN_NAME = /^(?!")[^\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\\]+$/u;
const LETTERS: Readonly<Record<number, string>> = { 9: "t", 10: "n", 13: "r", 34: '"', 92: "\\" };

/**
 * Hostile text for a terminal: nothing in it acts, and nothing is left out. Control characters are shown as
 * their pictures, so a line that would overwrite itself is read as it is written.
 */
export function shownText(text: string): string {
  return text.replace(UNSEEN, (char) => {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    if (code === 0x7f) return "\u2421";
    return `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>`;
  });
}

/** A name on one line, for a terminal: as it is, or in quotes with its bytes escaped where it is odd. */
export function shownName(path: RawPath): string {
  const bytes = bytesOf(path);
  const text = textOf(bytes);
  if (text !== undefined && PLAIN_NAME.test(text)) return text;
  const escaped = [...bytes].map((byte) => {
    const letter = LETTERS[byte];
    if (letter !== undefined) return `\\${letter}`;
    if (byte >= 0x20 && byte < 0x7f) return String.fromCodePoint(byte);
    return `\\${byte.toString(8).padStart(3, "0")}`;
  });
  return `"${escaped.join("")}"`;
}

/**
 * The path that somebody typed: relative to the workspace or below /workspace, plain or as `shownName` shows
 * it; "" is the workspace itself. Undefined for what leads elsewhere or is no path.
 */
export function typedPath(typed: string): RawPath | undefined {
  const raw = /^".*"$/su.test(typed) ? unquoted(typed.slice(1, -1)) : rawOf(Buffer.from(typed));
  if (raw === undefined || raw.includes("\0")) return undefined;
  const path = raw.replace(/^\/workspace(?=\/|$)/, ".");
  if (path.startsWith("/")) return undefined;
  const names = path.split("/").filter((name) => name !== "" && name !== ".");
  return names.includes("..") ? undefined : names.join("/");
}

function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function unquoted(text: string): RawPath | undefined {
  const raw = rawOf(Buffer.from(text));
  if (!/^(?:[^\\"]|\\[tnr"\\]|\\[0-3][0-7]{2})*$/s.test(raw)) return undefined;
  return raw.replace(/\\([0-3][0-7]{2}|.)/gs, (_all, code: string) => {
    if (code.length === 3) return String.fromCodePoint(Number.parseInt(code, 8));
    const [byte = ""] = Object.entries(LETTERS).find(([, letter]) => letter === code) ?? [];
    return String.fromCodePoint(Number(byte));
  });
}
