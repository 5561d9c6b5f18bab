import type { Diagnosis } from "./diagnosis.ts";

const MARKS = { ok: "ok     ", warning: "warning", problem: "PROBLEM" } as const;

/** One line for a person, with what to do. */
export function diagnosisText({ level, name, detail, advice }: Diagnosis): string {
  const line = (text: string) => text.replace(/[\p{Cc}\p{Cf}]+/gu, " ").trim();
  const todo = advice === undefined ? "" : ` -> ${line(advice)}`;
  return `${MARKS[level]}  ${name.padEnd(13)} ${line(detail)}${todo}\n`;
}
