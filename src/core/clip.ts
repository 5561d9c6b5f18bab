/** Text of at most about `limit` characters: its beginning and its end, with the count of what is missing. */
export function clip(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const half = Math.floor(limit / 2);
  const missing = text.length - 2 * half;
  const clipped = `${text.slice(0, half)}\n[… ${missing} characters left out …]\n${text.slice(-half)}`;
  // A cut may have gone through the middle of a character.
  return clipped.toWellFormed();
}
