/** One thing that was looked at. */
export interface Diagnosis {
  readonly level: "ok" | "warning" | "problem";
  readonly name: string;
  readonly detail: string;
  /** What to do about it. */
  readonly advice?: string | undefined;
}

/** Something that is as it should be, or told for information. */
export function ok(name: string, detail: string): Diagnosis {
  return { level: "ok", name, detail };
}

/** The diagnosis of something that failed to answer or to work. */
export function failing(name: string, error: unknown): Diagnosis {
  const detail = error instanceof Error ? error.message : String(error);
  const hint = error instanceof Error && "hint" in error ? error.hint : undefined;
  return {
    level: "problem",
    name,
    detail,
    ...(typeof hint === "string" && { advice: hint }),
  };
}
