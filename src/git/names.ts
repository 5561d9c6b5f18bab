import { NexusError } from "../core/errors.ts";
import type { Repo } from "../core/task.ts";

const OBJECT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const OWNER = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;
const NAME = /^[A-Za-z0-9._-]{1,100}$/;
// git's own rules for the parts of a name, and no character that means something to a refspec or glob.
const BRANCH = /^(?!.*(?:\.\.|\/\/|\.lock(?:\/|$)|@\{))[^\s~^:?*[\\\p{C}]{1,200}$/u;
const PART = /^[^.-].*[^.]$|^[^.-]$/u;
const PULL = /^refs\/pull\/[1-9][0-9]{0,9}\/head$/;
const OURS = /^nexus\/[A-Za-z0-9._/-]{1,200}$/;

/** The id itself, or a refusal: only full object ids ever reach git, so none can be read as an option. */
export function objectId(id: string): string {
  if (!OBJECT_ID.test(id)) throw refused("an object id", id);
  return id;
}

/** The folder of a repository's mirror, relative to the mirrors; names that are no names are refused. */
export function mirrorPath(repo: Repo): string {
  if (!OWNER.test(repo.owner)) throw refused("an owner", repo.owner);
  if (!NAME.test(repo.name) || /^\.+$/.test(repo.name)) throw refused("a repository", repo.name);
  return `${repo.owner}/${repo.name}.git`;
}

/** What may be fetched: a branch by its full name, the head of a pull request, or a commit by its id. */
export function fetchable(ref: string): string {
  const branch = ref.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : "";
  if (isBranch(branch) || PULL.test(ref) || OBJECT_ID.test(ref)) return ref;
  throw refused("a full ref name", ref);
}

/** The full ref of a branch that Nexus may push: below `nexus/` and made of plain characters. */
export function pushable(branch: string): string {
  if (!OURS.test(branch) || !isBranch(branch)) throw refused("a branch of Nexus", branch);
  return `refs/heads/${branch}`;
}

/** The full ref of any branch. */
export function branchRef(branch: string): string {
  if (!isBranch(branch)) throw refused("a branch", branch);
  return `refs/heads/${branch}`;
}

function isBranch(name: string): boolean {
  return BRANCH.test(name) && name.split("/").every((part) => PART.test(part));
}

function refused(what: string, value: string): NexusError {
  return new NexusError("git.failed", `${JSON.stringify(value.slice(0, 100))} is not ${what}.`);
}
