// GitHub takes 65,536 characters; some are left for what GitHub adds itself.
const MAX_BODY = 65_000;
const MAX_TITLE = 250;
const CUT = "\n\n… (shortened)";

/** Text as GitHub takes it; what is too long says that it was cut. */
export function body(text: string): string {
  const whole = text.toWellFormed().replaceAll("\0", "");
  if (whole.length <= MAX_BODY) return whole;
  return whole.slice(0, MAX_BODY - CUT.length).toWellFormed() + CUT;
}

/** One line that fits a title. */
export function title(text: string): string {
  const line = text.toWellFormed().replaceAll("\0", "").replace(/\s+/g, " ").trim();
  return line.length <= MAX_TITLE ? line : `${line.slice(0, MAX_TITLE - 1).toWellFormed()}…`;
}

/** Whether GitHub already shows this text: it stores other line ends and drops space at the end. */
export function sameText(shown: string | null | undefined, wanted: string): boolean {
  return normal(shown ?? "") === normal(wanted);
}

function normal(text: string): string {
  return text.replaceAll("\r\n", "\n").trimEnd();
}
