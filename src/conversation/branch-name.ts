import type { Task } from "../core/task.ts";

const WORDS = 5;
const LONGEST_WORD = 16;

/** The one branch of a task: the same on every run, never another task's, always a valid ref. */
export function branchName(task: Pick<Task, "id" | "issue" | "request">): string {
  return `nexus/${task.issue}-${slug(task.request)}-${stableHash(task.id)}`;
}

function slug(request: string): string {
  const words = request
    .slice(0, 500)
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  const kept = words?.slice(0, WORDS).map((word) => word.slice(0, LONGEST_WORD)) ?? [];
  return kept.join("-") || "task";
}

/** FNV-1a over the id, as four characters. */
function stableHash(id: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < id.length; at++) {
    hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193);
  }
  return (hash >>> 0).toString(36).padStart(7, "0").slice(-4);
}
