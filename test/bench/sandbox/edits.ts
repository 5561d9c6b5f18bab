import { randomUUID } from "node:crypto";
import type { SandboxSession } from "../../../src/core/sandbox.ts";
import { filePath } from "./generate-repository.ts";

/** Which files one edit touches. */
export interface Edited {
  readonly modified: readonly string[];
  readonly added: readonly string[];
}

const SCRIPT = 'line=$1; shift; for file; do echo "// $line" >> "$file"; done';

/** Ten files all over the repository, of which so many are new. */
export function tenFiles(files: number, added: number): Edited {
  const paths = Array.from({ length: 10 }, (_, at) => filePath(Math.floor((files * at) / 10)));
  return {
    modified: paths.slice(added),
    added: paths.slice(0, added).map((path) => path.replace("/file-", "/new-")),
  };
}

/** Appends one new line to each. */
export async function edit(session: SandboxSession, { modified, added }: Edited): Promise<void> {
  const command = ["/bin/sh", "-c", SCRIPT, "sh", randomUUID(), ...modified, ...added];
  const { exitCode, output } = await session.run(command);
  if (exitCode !== 0) throw new Error(`The files could not be edited: ${output}`);
}
