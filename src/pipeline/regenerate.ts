import type { Edit } from "../core/change-set.ts";
import { NexusError } from "../core/errors.ts";
import type { Mirror } from "../core/git.ts";
import type { FileReport, Sides } from "../core/merge.ts";
import type { EnvironmentWish, Sandbox, SandboxSession } from "../core/sandbox.ts";
import { hasMember, WORKSPACE_FILES } from "../merge/rules/locks/workspace-members.ts";
import { folderOf, inFolder, nameOf } from "../merge/rules/path-parts.ts";
import type { Regeneration } from "../merge/rules/rule.ts";
import { type RegenerationWay, regenerationWays } from "./regeneration-ways.ts";

/** One file that is to be made anew on a merged tree. */
export interface RegenerationJob {
  readonly sandbox: Pick<Sandbox, "open">;
  readonly mirror: Pick<Mirror, "gitDir" | "readFile" | "editTree" | "commitTree">;
  readonly taskId: string;
  /** What the default branch says; an empty `setup` keeps everything from being installed here too. */
  readonly environment?: EnvironmentWish | undefined;
  /** The commit that is merged into. */
  readonly parent: string;
  /** Everything that is merged so far. */
  readonly tree: string;
  /** Paths that are not merged yet, this one left out. */
  readonly conflicted: readonly string[];
  readonly sides: Sides;
  readonly by: Regeneration;
}

/** The file made anew, or one plain sentence on why it could not be. */
export type Regenerated =
  | { readonly kind: "regenerated"; readonly edit: Edit; readonly report: FileReport }
  | { readonly kind: "conflict"; readonly why: string };

/** Expected endings of a sandbox: the next way may do better. */
const EXPECTED = ["sandbox.setup-failed", "sandbox.not-allowed", "sandbox.refused-path"];
const MOST_BYTES = 64 * 1024 * 1024;

/**
 * Makes one file anew by its own command in a sandbox, without a network first, then with its registry where that
 * may be reached. Only what the rule may touch may be different afterwards. A command that fails is a conflict;
 * only a broken sandbox throws.
 */
export async function regenerate(job: RegenerationJob, signal: AbortSignal): Promise<Regenerated> {
  const open = openNeed(job);
  if (open !== undefined)
    return conflict(`${nameOf(open)} has to be merged first, and is not merged yet`);
  const start = job.by.start(job.sides);
  const commit = await commitWith(job, start);
  for (const need of job.by.needs) {
    if ((await job.mirror.readFile(commit, need)) === undefined)
      return conflict(`there is no ${nameOf(need)} to make it from`);
  }
  if (await isMember(job, commit))
    return conflict("it stands inside of a workspace, which keeps one such file for all its parts");
  let why = "its program has no way to run without a network, and the registry may not be reached";
  for (const way of regenerationWays(job)) {
    const made = await makeBy(way, { job, commit, start }, signal);
    if (typeof made !== "string") return made;
    why = made;
  }
  return conflict(why);
}

/** What the command would read and is not merged: of this file, or of another part of the same workspace. */
function openNeed({ by, conflicted, sides }: RegenerationJob): string | undefined {
  const read = [...by.needs.map(nameOf), ...by.reads].filter((name) => name !== nameOf(sides.path));
  const isRead = (name: string) =>
    read.some((one) => (one.startsWith("*") ? name.endsWith(one.slice(1)) : name === one));
  return conflicted.find((path) => isRead(nameOf(path)));
}

/** True where a workspace above has this folder as a part: its program leaves the file alone, and that looks like success. */
async function isMember({ by, mirror }: RegenerationJob, commit: string): Promise<boolean> {
  const names = WORKSPACE_FILES.filter((name) => by.reads.includes(name));
  for (let above = by.folder; above !== ""; ) {
    above = folderOf(above);
    const below = by.folder.slice(above === "" ? 0 : above.length + 1);
    for (const name of names) {
      const text = await mirror.readFile(commit, inFolder(above, name));
      if (text !== undefined && hasMember(name, text, below)) return true;
    }
  }
  return false;
}

async function commitWith(job: RegenerationJob, start: string): Promise<string> {
  const { mirror, parent, sides } = job;
  const content = new TextEncoder().encode(start);
  const edit: Edit = { kind: "write", path: sides.path, mode: "100644", content };
  const tree = await mirror.editTree(job.tree, [edit]);
  const { commit } = await mirror.commitTree({ parent, tree, message: "merge" });
  return commit;
}

interface Making {
  readonly job: RegenerationJob;
  readonly commit: string;
  readonly start: string;
}

async function makeBy(
  way: RegenerationWay,
  { job, commit, start }: Making,
  signal: AbortSignal,
): Promise<Regenerated | string> {
  const { sandbox, mirror, taskId } = job;
  const workspace = { gitDir: mirror.gitDir, commit, taskId, environment: way.environment };
  try {
    await using session = await sandbox.open(workspace, signal);
    const failed = await runIn(session, way, job.by);
    return failed ?? resultOf(await session.changes(), job, start);
  } catch (error) {
    if (error instanceof NexusError && EXPECTED.includes(error.code)) return reasonOf(error, way);
    throw error;
  }
}

function reasonOf({ code }: NexusError, way: RegenerationWay): string {
  if (code === "sandbox.refused-path") return "its command wrote what git must never carry";
  return `${way.name}, its environment could not be made`;
}

/** Words go to the shell as words, so that no name is read as a command. */
const IN_FOLDER = 'cd -- "./$1" && shift && exec "$@"';

async function runIn(
  session: SandboxSession,
  way: RegenerationWay,
  { program, env }: Regeneration,
): Promise<string | undefined> {
  const words = ["sh", "-c", IN_FOLDER, "sh", way.folder, ...way.command];
  const { exitCode, ending } = await session.run(words, { env });
  if (ending !== "exited") return `${way.name}, its command did not come to an end (${ending})`;
  if (exitCode === 127) return `the sandbox has no ${program}`;
  return exitCode === 0 ? undefined : `${way.name}, its command failed with exit code ${exitCode}`;
}

function resultOf(edits: readonly Edit[], job: RegenerationJob, start: string): Regenerated {
  const { by, sides } = job;
  if (edits.some(({ path }) => !by.touches.includes(path)))
    return conflict("its command changed other files too");
  const edit = edits.find(({ path }) => path === sides.path);
  const text = edit === undefined ? start : textOf(edit);
  if (text === undefined) return conflict("its command did not leave a text file");
  const refusal = by.refusal(sides, text);
  if (refusal !== undefined) return conflict(refusal);
  const content = new TextEncoder().encode(text);
  return {
    kind: "regenerated",
    edit: { kind: "write", path: sides.path, mode: "100644", content },
    report: reportOf(sides.path, by),
  };
}

function textOf(edit: Edit): string | undefined {
  if (edit.kind !== "write" || edit.mode === "120000") return undefined;
  if (edit.content.length > MOST_BYTES) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(edit.content);
  } catch {
    // Bytes that are no text are no answer.
    return undefined;
  }
}

/** Nothing has checked it yet: that is the shadow run's. What the repository's own script writes, a person looks at, too. */
function reportOf(path: string, by: Regeneration): FileReport {
  const why = by.isOwnScript
    ? "made anew by the repository's own script; to be looked at by a person"
    : `made anew by ${by.program} from the merged manifest`;
  const hunk = { stage: "regenerated", line: 1, why, confidence: "proposed" } as const;
  return { path, kind: "merged", hunks: [hunk] };
}

function conflict(why: string): Regenerated {
  return { kind: "conflict", why };
}
