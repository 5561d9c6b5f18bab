import { code } from "./escape.ts";
import { mention } from "./people.ts";

/** The answer to a budget that is no amount: what was understood, and what can be written instead. */
export function misreadText(requestedBy: string, written: string): string {
  const understood =
    written === ""
      ? `${code("--budget")} without an amount`
      : `${code(`--budget ${written}`, 80)}, which is no amount`;
  return `${mention(requestedBy)}, Nexus understood ${understood}. It takes dollars above 0, such as ${code("--budget 2.50")}. Nothing was started: repeat the request with an amount, or without the option.\n`;
}
