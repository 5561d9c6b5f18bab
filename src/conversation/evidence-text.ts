import type { CheckResult, CommandResult, Evidence } from "../core/evidence.ts";
import { cell, code, fenced } from "./escape.ts";
import { logTail } from "./log-tail.ts";

const ROWS = 30;

/** The first seven digits of a commit, as people know them. */
export function short(commit: string): string {
  return code(commit.slice(0, 7));
}

/** How a command ended, in words. */
export function verdict(result: CommandResult & { readonly passed: boolean }): string {
  if (result.passed) return "✅ passed";
  if (result.ending === "timeout") return "❌ ran out of time";
  if (result.ending === "out-of-memory") return "❌ ran out of memory";
  return `❌ failed (exit ${result.exitCode})`;
}

/** A duration as people say it. */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** What ran and how it ended; with the base beside it where that is known. */
export function evidenceTable(head: Evidence, base?: Evidence): string {
  const before = new Map(base?.checks.map((check) => [check.name, check]));
  const rows = head.checks.slice(0, ROWS).map((check) => {
    const earlier = before.get(check.name);
    const columns = [code(check.name, 100), code(check.command, 120)];
    if (base) columns.push(earlier ? verdict(earlier) : "not run");
    columns.push(verdict(check), duration(check.durationMs));
    return columns.map(cell);
  });
  const titles = base
    ? ["Check", "Command", `Base ${short(base.commit)}`, `Head ${short(head.commit)}`, "Time"]
    : ["Check", "Command", `On ${short(head.commit)}`, "Time"];
  const table = [titles, titles.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`);
  const left = head.checks.length - rows.length;
  return [...table, ...(left > 0 ? ["", `And ${left} more.`] : [])].join("\n");
}

/** The first check that failed. */
export function firstFailing(evidence: Evidence): CheckResult | undefined {
  return evidence.checks.find(({ passed }) => !passed);
}

/** Name, command, ending and the end of the log of one check. */
export function checkText(check: CheckResult, characters = 3_000): string {
  return [
    `${code(check.name, 100)} (${code(check.command)}): ${verdict(check)} after ${duration(check.durationMs)}.`,
    "",
    fenced(logTail(check.output, characters)),
  ].join("\n");
}
