import type { TaskRecord, Tasks } from "../core/record.ts";

/** The task that is meant, or one line on why none is. */
export async function findTask(
  tasks: Pick<Tasks, "find" | "startingWith">,
  id: string,
): Promise<TaskRecord | { readonly why: string }> {
  const exact = await tasks.find(id);
  if (exact) return exact;
  const ids = await tasks.startingWith(id, MOST_NAMED + 1);
  const [only, ...others] = ids;
  if (only === undefined)
    return { why: `There is no task ${id}. \`nexus show\` lists the newest.` };
  if (others.length > 0) return { why: ambiguous(id, ids) };
  return (await tasks.find(only)) ?? { why: `The task ${only} is gone.` };
}

const MOST_NAMED = 3;

function ambiguous(id: string, ids: readonly string[]): string {
  const named = ids.slice(0, MOST_NAMED).join(", ");
  const more = ids.length > MOST_NAMED ? " and more" : "";
  return `Several tasks begin with ${id}: ${named}${more}. Name more of the one that is meant.`;
}
