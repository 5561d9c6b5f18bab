/** Formats, private use, unassigned, variation selectors and blank fillers, by Unicode property. */
const INVISIBLE =
  /[\p{Cf}\p{Co}\p{Cn}\p{Variation_Selector}\u115F\u1160\u3164\uFFA0]|\u034F|\u17B4|\u17B5/gu;
const CONTROL = /[^\P{Cc}\t\n]/gu;

/** Hostile text without the characters a person cannot see: what the model reads is what people read. */
export function visible(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(INVISIBLE, "").replace(CONTROL, "");
}
