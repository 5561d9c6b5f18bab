import { mention } from "./people.ts";

/** The answer to somebody who may not ask: why, and who can. */
export function refusalText(requestedBy: string): string {
  return `${mention(requestedBy)}, Nexus works for people with write access to this repository, and you have none. Nothing was started. Somebody with write access can repeat the request.\n`;
}
