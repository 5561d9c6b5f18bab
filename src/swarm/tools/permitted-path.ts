import type { WorkItem } from "../../core/plan.ts";
import { pathProblem, strayPaths } from "../safe-path.ts";
import { failed, type ToolResult } from "../tool.ts";

/** The refusal for a path that is not inside the repository, or undefined. */
export function refuseUnsafe(path: string): ToolResult | undefined {
  const problem = pathProblem(path);
  return problem === undefined
    ? undefined
    : failed(`The path was refused: ${problem}. Use a path relative to the repository's root.`);
}

/** The refusal for a path that this work item may not change, or undefined. */
export function refuseStray(path: string, globs: readonly string[]): ToolResult | undefined {
  const unsafe = refuseUnsafe(path);
  if (unsafe || strayPaths([path], globs).length === 0) return unsafe;
  return failed(`${path} is outside this work item. It may change only: ${globs.join(", ")}`);
}

/** The refusal to move or remove a file of which only parts are this work item's, or undefined. */
export function refuseShared(
  path: string,
  { symbols = [] }: Pick<WorkItem, "symbols">,
): ToolResult | undefined {
  if (!symbols.some((own) => own.path === path)) return undefined;
  return failed(
    `${path} is shared with another work item: it can be edited, not moved or removed.`,
  );
}
