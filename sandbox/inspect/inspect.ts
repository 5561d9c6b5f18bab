import { NexusError } from "../../src/core/errors.ts";
import { parentOf, type RawPath } from "../changes/raw-path.ts";
import { type ChangedPath, type ChangedPaths, changedPaths } from "./changed-paths.ts";
import { diffText } from "./diff-text.ts";
import { choiceText, listText, movingText, sessionsText, summaryText } from "./inspect-text.ts";
import type { Inspector } from "./inspector.ts";
import type { Look } from "./look.ts";
import type { SeenSession } from "./sessions.ts";
import { runInView, runShell, type Terminal } from "./shell.ts";
import { shownName, shownText, typedPath } from "./shown-text.ts";

/** What somebody wants to see. */
export interface InspectWish {
  readonly show: "sessions" | "summary" | "list" | "read" | "diff" | "shell" | "release";
  readonly taskId: string;
  readonly session?: number | undefined;
  readonly path: string;
  /** For the shell: a command instead. */
  readonly command: readonly string[];
}

/** Where it is shown. */
export interface Screen {
  readonly terminal: Terminal;
  /** True where a person reads what is written: then nothing in it acts. */
  readonly isTerminal: boolean;
  out(text: string | Uint8Array): void;
  err(text: string): void;
}

const READ_BYTES = 256 * 1024 * 1024;
// What commands change while it is looked at is looked at again.
const TRIES = 5;

/** Shows it. The exit code: 0, 1 for what is not there, 2 where the question is not clear, a command's own for a command. */
export async function inspect(
  inspector: Inspector,
  { wish, screen }: { readonly wish: InspectWish; readonly screen: Screen },
  signal: AbortSignal,
): Promise<number> {
  const all = await inspector.sessions();
  if (wish.show === "sessions") {
    screen.out(sessionsText(all));
    return 0;
  }
  const path = typedPath(wish.path);
  if (path === undefined) {
    screen.err("PATH is a path below the workspace, such as src/main.ts.\n");
    return 2;
  }
  const sessions = sessionsOf(all, wish.taskId);
  if (wish.show === "release") return await release(inspector, { wish, screen, sessions });
  const chosen = choose(sessions, wish);
  if (typeof chosen === "string") {
    screen.err(chosen);
    return sessions.length > 1 && wish.session === undefined ? 2 : 1;
  }
  const showing = { inspector, wish, screen, session: chosen, path, signal };
  return wish.show === "shell" ? await showShell(showing) : await showFiles(showing);
}

interface Showing {
  readonly inspector: Inspector;
  readonly wish: InspectWish;
  readonly screen: Screen;
  readonly session: SeenSession;
  readonly path: RawPath;
  readonly signal: AbortSignal;
}

/** Those of a task by its id, or by the beginning of it where that is clear. */
function sessionsOf(all: readonly SeenSession[], taskId: string): readonly SeenSession[] {
  const exact = all.filter(({ record }) => record.taskId === taskId);
  if (exact.length > 0) return exact;
  const near = all.filter(({ record }) => record.taskId.startsWith(taskId));
  return new Set(near.map(({ record }) => record.taskId)).size === 1 ? near : [];
}

/** The one that is meant, or what to say where none is. */
function choose(sessions: readonly SeenSession[], wish: InspectWish): SeenSession | string {
  const { taskId, session: number } = wish;
  if (sessions.length === 0) return noSession(taskId);
  if (number !== undefined) {
    const named = sessions.find((one) => one.number === number);
    return named ?? `Task ${taskId} has no session ${number}.\n`;
  }
  const held = sessions.filter(({ state }) => state === "held");
  const [only] = held.length === 1 ? held : sessions;
  if (only && (held.length === 1 || sessions.length === 1)) return only;
  return choiceText(taskId, sessions);
}

function noSession(taskId: string): string {
  return `Nothing of the task ${taskId} is held or runs here. \`nexus inspect\` lists what does.\n`;
}

async function release(
  inspector: Inspector,
  at: { wish: InspectWish; screen: Screen; sessions: readonly SeenSession[] },
): Promise<number> {
  const { wish, screen, sessions } = at;
  const meant = sessions.filter(
    ({ number }) => wish.session === undefined || number === wish.session,
  );
  const held = meant.filter(({ record }) => record.state === "held");
  if (held.length === 0) {
    screen.err(
      meant.length === 0
        ? noSession(wish.taskId)
        : `Nothing of the task ${wish.taskId} is held; what runs is not released.\n`,
    );
    return 1;
  }
  for (const { record } of held) await inspector.release(record);
  screen.out(held.length === 1 ? "1 session released.\n" : `${held.length} sessions released.\n`);
  return 0;
}

async function showShell({ inspector, wish, screen, session, signal }: Showing): Promise<number> {
  if (wish.command.length === 0 && !screen.terminal.input.isTTY) {
    screen.err("A shell needs a terminal. For one command: --shell -- COMMAND\n");
    return 2;
  }
  await using view = await inspector.view(session.record);
  if (wish.command.length > 0) {
    const clean = (chunk: Buffer) => (screen.isTerminal ? shownText(chunk.toString()) : chunk);
    const onOutput = (chunk: Buffer, stderr: boolean) =>
      stderr ? screen.err(shownText(chunk.toString())) : screen.out(clean(chunk));
    return await runInView(view, { argv: wish.command, onOutput }, signal);
  }
  screen.err(
    [
      ...movingText(session),
      "A view that cannot be written: nothing done here changes what is kept. Leave it with exit.",
      "",
    ].join("\n"),
  );
  return await runShell(view, screen.terminal, signal);
}

async function showFiles(showing: Showing): Promise<number> {
  const { inspector, session, wish } = showing;
  return await inspector.look(session.record, async (look, scratch) => {
    switch (wish.show) {
      case "list":
        return await steadily(showing, () => showList(showing, look));
      case "read":
        return await steadily(showing, () => showFile(showing, look));
      default: {
        const text = await steadily(showing, () => changesText(showing, { look, scratch }));
        showing.screen.out(text);
        return 0;
      }
    }
  });
}

async function changesText(
  { session, wish, path }: Showing,
  { look, scratch }: { readonly look: Look; readonly scratch: string },
): Promise<string> {
  const changed: ChangedPaths = await changedPaths(await look.difference(), scratch);
  if (wish.show === "summary") return summaryText(session, changed);
  const paths = changed.paths.filter((one) => isWithin(one, path));
  const diff = await diffText({ look, paths, scratch });
  return diff === "" ? "Nothing differs from the commit here.\n" : diff;
}

function isWithin({ path }: ChangedPath, folder: RawPath): boolean {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}

async function showList({ screen, path }: Showing, look: Look): Promise<number> {
  const at = await look.at(path);
  if (!at) return missing(screen, path);
  screen.out(
    listText(path.slice(parentOf(path).length).replace(/^\//, ""), at, await look.list(path)),
  );
  return 0;
}

async function showFile({ screen, path }: Showing, look: Look): Promise<number> {
  const at = await look.at(path);
  if (!at) return missing(screen, path);
  const read = await look.read(path, READ_BYTES);
  if ("why" in read) {
    screen.err(`${shownName(path)}: ${read.why}.\n`);
    return 1;
  }
  screen.out(screen.isTerminal ? shownText(read.bytes.toString()) : read.bytes);
  return 0;
}

function missing(screen: Screen, path: RawPath): number {
  screen.err(`There is no ${shownName(path)} in the workspace.\n`);
  return 1;
}

/** Where commands still run, what vanishes between two looks is looked at again. */
async function steadily<T>({ session }: Showing, work: () => Promise<T>): Promise<T> {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      const isMoving = session.state === "running" || session.state === "unknown";
      if (isMoving && left > 1 && !(error instanceof NexusError && error.paths.length > 0))
        continue;
      throw error;
    }
  }
}
