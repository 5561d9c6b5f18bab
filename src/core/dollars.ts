/** More than anybody means. */
const MOST = 1_000_000;
const PER_DOLLAR = 1_000_000;
const AMOUNT = /^\$?(?<whole>\d{1,7})(?:\.(?<part>\d{1,6}))?\$?$/;

/** An amount such as `2.50` or `$2.50` in millionths of a dollar, whole and above nothing; undefined for any other text. */
export function parseDollars(text: string): number | undefined {
  const { whole, part = "" } = AMOUNT.exec(text.trim())?.groups ?? {};
  if (whole === undefined) return undefined;
  const micros = Number(whole) * PER_DOLLAR + Number(part.padEnd(6, "0"));
  return micros > 0 && micros <= MOST * PER_DOLLAR ? micros : undefined;
}

/** An amount to the last digit, with cents in any case: `$2.50`, `$0.000125`. */
export function dollars(micros: number): string {
  const whole = Math.floor(micros / PER_DOLLAR);
  const part = String(micros % PER_DOLLAR).padStart(6, "0");
  return `$${whole.toLocaleString("en-US")}.${part.replace(/0{1,4}$/, "")}`;
}

/** What was spent, as people read it: never less than it was, to the cent, or below a dollar to a hundredth of one. */
export function spentDollars(micros: number): string {
  const step = micros < PER_DOLLAR ? 100 : 10_000;
  return dollars(Math.ceil(micros / step) * step);
}
