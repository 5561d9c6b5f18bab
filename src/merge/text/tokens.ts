const token = /[\p{L}\p{N}\p{M}_$]+|[ \t\f]+|\r?\n|./gsu;

/** Words and numbers, runs of blanks, line ends, and single other signs; joined they are the text again. */
export function tokensOf(text: string): string[] {
  return text.match(token) ?? [];
}

/** True for a token that is a word or a number. */
export function isWord(text: string): boolean {
  return /^[\p{L}\p{N}\p{M}_$]/u.test(text);
}

/** True for blanks and line ends. */
export function isBlank(text: string): boolean {
  return text.trim() === "";
}
