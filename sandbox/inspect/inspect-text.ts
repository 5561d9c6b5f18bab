import type { RawPath } from "../changes/raw-path.ts";
import type { ChangedPath, ChangedPaths } from "./changed-paths.ts";
import type { Named, Seen } from "./look.ts";
import type { SeenSession } from "./sessions.ts";
import { shownName, shownText } from "./shown-text.ts";

const MOST_SHOWN = 1_000;

/** All sessions, one a line. */
export function sessionsText(sessions: readonly SeenSession[]): string {
  if (sessions.length === 0) return "Nothing is held and nothing runs here.\n";
  const rows = sessions.map(({ record, number, state }) => [
    record.taskId,
    String(number),
    state,
    state === "held" ? `until ${minute(record.heldUntil)}` : `since ${minute(record.openedAt)}`,
    record.commit.slice(0, 12),
    shownName(record.why ?? "-"),
  ]);
  return table([["TASK", "SESSION", "STATE", "TIME (UTC)", "COMMIT", "WHY"], ...rows]);
}

/** One session in short: what it is, and what differs from its commit. */
export function summaryText(session: SeenSession, { paths, ignored }: ChangedPaths): string {
  const { record, number } = session;
  const refused = paths.filter(({ problem }) => problem !== undefined);
  const shown = paths.slice(0, MOST_SHOWN);
  return [
    `Task ${record.taskId}, session ${number}: ${stateText(session)}`,
    `Commit ${record.commit}, image ${shownText(record.image)}`,
    ...movingText(session),
    paths.length === 0 ? "Nothing differs from the commit." : `${counted(paths.length)}:`,
    ...shown.map((changed) => `  ${changeText(changed)}`),
    ...(paths.length > shown.length ? [`  and ${paths.length - shown.length} more`] : []),
    ...(refused.length === 0 ? [] : [`${refused.length} of them git must never carry.`]),
    ...(ignored === 0 ? [] : [`${ignored} more that git ignores.`]),
    `Look on: nexus inspect ${record.taskId}${flagFor(session)} --diff, --list, --read PATH or --shell`,
    "",
  ].join("\n");
}

/** Said where what is looked at may change meanwhile. */
export function movingText({ state }: SeenSession): string[] {
  return state === "running" || state === "unknown"
    ? ["It is in use: what is shown may change while it is read."]
    : [];
}

/** What lies at a path: itself, or what is in it. */
export function listText(path: RawPath, at: Seen, inside: readonly Named[]): string {
  const entries = at.kind === "folder" ? inside : [{ ...at, name: path }];
  const rows = entries.map((entry) => [
    modeText(entry),
    entry.kind === "file" ? String(entry.size) : "-",
    `${shownName(entry.name)}${entry.kind === "folder" ? "/" : ""}`,
  ]);
  return table(rows);
}

/** Sessions of a task among which one has to be named. */
export function choiceText(taskId: string, sessions: readonly SeenSession[]): string {
  return `Task ${taskId} has ${sessions.length} sessions. Name one with --session.\n${sessionsText(sessions)}`;
}

function stateText({ record, state }: SeenSession): string {
  const why = record.why === undefined ? "" : ` (${shownName(record.why)})`;
  return state === "held"
    ? `held until ${minute(record.heldUntil)} UTC${why}`
    : `${state} since ${minute(record.openedAt)} UTC`;
}

const STATUS = { added: "A", modified: "M", deleted: "D" } as const;

function changeText({ status, path, problem, was, now }: ChangedPath): string {
  const name = shownName(path);
  if (problem !== undefined) return `! ${name}: ${problem}`;
  const isExecutable = (mode: bigint | undefined) => mode !== undefined && (mode & 0o100n) !== 0n;
  const isOther = was && now && isExecutable(was.stats.mode) !== isExecutable(now.stats.mode);
  return `${STATUS[status]} ${name}${isOther ? " (mode)" : ""}`;
}

const KINDS = { file: "-", folder: "d", link: "l", sealed: "d", other: "?" } as const;

function modeText({ kind, mode }: Seen): string {
  const bits = [6, 3, 0].map((shift) => {
    const three = (mode >> shift) & 7;
    return `${three & 4 ? "r" : "-"}${three & 2 ? "w" : "-"}${three & 1 ? "x" : "-"}`;
  });
  return `${KINDS[kind]}${bits.join("")}`;
}

function counted(count: number): string {
  return count === 1 ? "1 path differs from the commit" : `${count} paths differ from the commit`;
}

function flagFor({ number }: SeenSession): string {
  return number === 1 ? "" : ` --session ${number}`;
}

function minute(time: string | undefined): string {
  return (time ?? "").slice(0, 16).replace("T", " ");
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(...rows.map((row) => row[at]?.length ?? 0)),
  );
  const lines = rows.map((row) =>
    row
      .map((text, at) => (at + 1 < row.length ? text.padEnd(widths[at] ?? 0) : text))
      .join("  ")
      .trimEnd(),
  );
  return lines.map((line) => `${line}\n`).join("");
}
