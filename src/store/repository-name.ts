import type { Task } from "../core/task.ts";

/** GitHub takes names of owners and repositories in any case. */
export function repositoryName({ owner, name }: Task["repo"]): string {
  return `${owner}/${name}`.toLowerCase();
}
