import type { Git } from "./git.ts";
import { objectId } from "./names.ts";

/** Whether Nexus made every commit that one commit has and another one has not. */
export async function madeByUs(
  git: Git,
  gitDir: string,
  { of, without }: { readonly of: string; readonly without: string },
): Promise<boolean> {
  const range = [objectId(of), `^${objectId(without)}`, "--"];
  const args = ["log", "--format=%ae%n%ce", "--no-show-signature", "--no-mailmap", ...range];
  const { stdout } = await git.run(args, { gitDir });
  const emails = stdout.toString("utf8").split("\n").filter(Boolean);
  return emails.every((email) => email === git.identity.email);
}
