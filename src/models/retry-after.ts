const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const DURATION = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;

/** Where vendors tell what is left of a limit, and when it is whole again. */
const LIMITS = [
  ...["", "-requests", "-tokens"].map(
    (of) => [`x-ratelimit-remaining${of}`, `x-ratelimit-reset${of}`] as const,
  ),
  ...["requests", "tokens", "input-tokens", "output-tokens"].map(
    (of) => [`anthropic-ratelimit-${of}-remaining`, `anthropic-ratelimit-${of}-reset`] as const,
  ),
];

/** How long the server asked us to wait, by whichever header it uses; undefined where it does not say. */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const asked =
    amount(headers.get("retry-after-ms"), 1) ??
    amount(headers.get("retry-after"), 1000) ??
    untilDate(headers.get("retry-after"), now) ??
    untilReset(headers, now);
  return asked === undefined ? undefined : Math.max(0, Math.round(asked));
}

function amount(value: string | null, unitMs: number): number | undefined {
  return value !== null && /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) * unitMs : undefined;
}

function untilDate(value: string | null, now: number): number | undefined {
  // Date.parse takes almost anything with a number in it, so a day and a clock time must be seen.
  if (value === null || !/\d.*\d\d:\d\d/.test(value)) return undefined;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : time - now;
}

/** The limits that are used up decide; a limit with something left is not what stopped us. */
function untilReset(headers: Headers, now: number): number | undefined {
  const waits = LIMITS.flatMap(([remaining, reset]) => {
    const left = headers.get(remaining);
    if (left !== null && Number(left) > 0) return [];
    return resetMs(headers.get(reset), now) ?? [];
  });
  return waits.length > 0 ? Math.max(...waits) : undefined;
}

function resetMs(value: string | null, now: number): number | undefined {
  const text = value?.trim() ?? "";
  if (DURATION.test(text)) return duration(text);
  const number = amount(text, 1);
  if (number === undefined) return untilDate(value, now);
  // Vendors send a moment in milliseconds, a moment in seconds, or plain seconds: told apart by size.
  if (number > 1e11) return number - now;
  return number > 1e9 ? number * 1000 - now : number * 1000;
}

function duration(text: string): number {
  const parts = text.matchAll(/(?<count>[\d.]+)(?<unit>ms|s|m|h|d)/g);
  return [...parts].reduce(
    (sum, { groups }) => sum + Number(groups?.count) * (UNIT_MS[groups?.unit ?? ""] ?? 0),
    0,
  );
}
