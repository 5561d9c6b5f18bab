import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { NexusError } from "../../src/core/errors.ts";

const FOLDER = join(import.meta.dirname, "tasks");

/** What is asked, and what proves from outside that it was done. */
const Request = z.strictObject({
  title: z.string().min(1),
  body: z.string().min(1),
  request: z.string().min(1),
  /** Runs with `sh -c` on the result with the hidden files beside it; 0 means solved. */
  check: z.string().min(1),
  /** The only paths that a right answer changes, where more would be wrong. */
  mayChange: z.array(z.string()).optional(),
});

const Call = z.strictObject({ name: z.string(), input: z.unknown() });

/** A good run as its model replied: the plan, and the calls of each worker's turns. */
const Recording = z.strictObject({
  plan: z.unknown(),
  workers: z.record(z.string(), z.array(z.array(Call))),
});
export type Recording = z.infer<typeof Recording>;

/** A small real task: a repository, what is asked of it, a hidden check, and a run that was good. */
export interface EvalTask extends z.infer<typeof Request> {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** Put over the result before it is checked; no model ever sees them. */
  readonly hidden: Readonly<Record<string, string>>;
  readonly recording: Recording;
}

/** The names of all tasks, sorted. */
export async function evalTaskNames(): Promise<readonly string[]> {
  return (await readdir(FOLDER)).toSorted();
}

/** Reads one task. Throws `config.invalid` where there is none of that name. */
export async function readEvalTask(name: string): Promise<EvalTask> {
  const names = await evalTaskNames();
  if (!names.includes(name)) {
    const hint = `There are: ${names.join(", ")}.`;
    throw new NexusError("config.invalid", `There is no task ${JSON.stringify(name)}.`, { hint });
  }
  const folder = join(FOLDER, name);
  const json = async (file: string): Promise<unknown> =>
    JSON.parse(await readFile(join(folder, file), "utf8"));
  return {
    name,
    ...Request.parse(await json("task.json")),
    recording: Recording.parse(await json("recording.json")),
    files: await filesIn(join(folder, "repository")),
    hidden: await filesIn(join(folder, "hidden")),
  };
}

async function filesIn(root: string): Promise<Record<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const read = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map(async (path) => [path.slice(root.length + 1), await readFile(path, "utf8")] as const);
  return Object.fromEntries(await Promise.all(read));
}
