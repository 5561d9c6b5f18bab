import { z } from "zod";
import type { HelpedFile } from "../merge/settle-with-help.ts";
import type { Workbench } from "./workbench.ts";

/** Under which name it is kept what is to be remembered once the checks are green. */
const NAME = "resolutions";
const Resolutions = z.array(z.object({ key: z.string(), text: z.string() }));

/** Notes how conflicts were settled, in place of what was noted before: nothing proves it yet. */
export async function noteResolutions(
  { memory }: Pick<Workbench, "memory">,
  resolutions: HelpedFile["resolutions"],
): Promise<void> {
  await memory.remember(NAME, resolutions);
}

/** The same conflict is settled the same way the next time, as a proposal that is verified again. */
export async function keepResolutions({
  memory,
  mergeHelp,
}: Pick<Workbench, "memory" | "mergeHelp">): Promise<void> {
  const { data = [] } = Resolutions.safeParse(await memory.recall(NAME));
  for (const { key, text } of data) await mergeHelp?.memory.keep(key, text);
}
