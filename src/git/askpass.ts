import { randomUUID } from "node:crypto";
import { chmod, mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The variable the script answers from; it exists only for the one process that talks to the remote. */
export const TOKEN_VARIABLE = "NEXUS_GIT_TOKEN";

const SCRIPT = `#!/bin/sh
case "$1" in
  Username*) echo x-access-token ;;
  *) printf '%s\\n' "$${TOKEN_VARIABLE}" ;;
esac
`;

/**
 * A script that answers git's question for a password, so that a token is in no argument, address or
 * configuration. Written whole or not at all; the script itself holds no secret.
 */
export async function writeAskpass(folder: string): Promise<string> {
  const script = join(folder, ".askpass");
  const fresh = `${script}-${randomUUID()}`;
  await mkdir(folder, { recursive: true });
  await writeFile(fresh, SCRIPT, { mode: 0o700 });
  await chmod(fresh, 0o700);
  await rename(fresh, script);
  return script;
}
