import type { Task } from "../core/task.ts";
import { repositoryName } from "./repository-name.ts";

/** The issue or pull request that something is about. */
export function placeOf({ repo, issue }: Pick<Task, "repo" | "issue">): string {
  return `${repositoryName(repo)}#${issue}`;
}
