import type { CheckResult, CommandResult, Evidence } from "../core/evidence.ts";
import { cell, code, fenced } from "./escape.ts";
import { logTail } from "./log-tail.ts";
import { totalsText } from "./totals-text.ts";

const ROWS = 30;

/** The first seven digits of a commit, as people know them. */
export function short(commit: string): string {
  return code(commit.slice(0, 7));
}

/** How a command ended, in words. */
export function verdict(result: CommandResult & { readonly passed: boolean }): string {
  if (result.passed) return "✅ passed";
  if (result.ending === "timeout") return "❌ ran out of time";
  if (result.ending === "silent") return "❌ fell silent";
  if (result.ending === "out-of-memory") return "❌ ran out of memory";
  if (result.ending === "disk-full") return "❌ ran out of disk";
  const signal = result.signal === undefined ? "" : `, ${code(result.signal, 20)}`;
  return `❌ failed (exit ${result.exitCode}${signal})`;
}

/** Beside the engine's verdict only: what a runner's report counts decides nothing. */
function testsOf({ tests }: CheckResult): string {
  return tests ? `, tests: ${totalsText(tests)}` : "";
}

const HOSTS = 5;

/** What the commands could reach, in words that follow on `in a sandbox`. */
export function reachText({ network = [] }: Pick<Evidence, "network">): string {
  if (network.length === 0) return "without network";
  const left = network.length - HOSTS;
  const more = left > 0 ? ` and ${left} more` : "";
  return `with a way out to ${network
    .slice(0, HOSTS)
    .map((host) => code(host, 100))
    .join(", ")}${more} only`;
}

/** A duration as people say it. */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** What ran, by whose wish, and how it ended; with the same check and command on the base where that is known. */
export function evidenceTable(head: Evidence, base?: Evidence, called = "Base"): string {
  const rows = head.checks.slice(0, ROWS).map((check) => {
    // A plan may give a command of its own the name of another.
    const earlier = base?.checks.find(
      ({ name, command }) => name === check.name && command === check.command,
    );
    const columns = [nameOf(check), code(check.command, 120)];
    if (base) columns.push(earlier ? verdict(earlier) + testsOf(earlier) : "not run");
    columns.push(verdict(check) + testsOf(check), duration(check.durationMs));
    return columns.map(cell);
  });
  const titles = base
    ? ["Check", "Command", `${called} ${short(base.commit)}`, `Head ${short(head.commit)}`, "Time"]
    : ["Check", "Command", `On ${short(head.commit)}`, "Time"];
  const table = [titles, titles.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`);
  const left = head.checks.length - rows.length;
  return [...table, ...(left > 0 ? ["", `And ${left} more.`] : [])].join("\n");
}

/** Commands that a model named beside the repository's own are not taken for these. */
function nameOf({ name, namedBy, item }: CheckResult): string {
  const of = item === undefined ? "" : ` for ${code(item, 60)}`;
  return namedBy === "plan" ? `${code(name, 100)} (named by the plan${of})` : code(name, 100);
}

/** The first check that failed. */
export function firstFailing(evidence: Evidence): CheckResult | undefined {
  return evidence.checks.find(({ passed }) => !passed);
}

/** Name, command, ending, counts and the end of the log of one check. */
export function checkText(check: CheckResult, characters = 3_000): string {
  const ended = `${verdict(check)} after ${duration(check.durationMs)}${testsOf(check)}`;
  return [
    `${nameOf(check)} (${code(check.command)}): ${ended}.`,
    "",
    fenced(logTail(check.output, characters)),
  ].join("\n");
}
