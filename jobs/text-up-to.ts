/** As much of a text as there are bytes for in UTF-8, whole characters only. */
export function textUpTo(bytes: number, text: string): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  // Half a character at the end becomes one mark, or none where the text had one there itself.
  const cut = Buffer.from(text).subarray(0, Math.max(0, bytes)).toString();
  return text.startsWith(cut) ? cut : cut.slice(0, -1);
}
