import { createGit } from "../../../src/git/git.ts";
import { createCommitReader } from "../../../src/git/read-commit.ts";
import { createCommitWriter } from "../../../src/git/write-commit.ts";

/** A commit whose maker is killed once it has told its `step`. */
export interface KilledCommit {
  readonly gitDir: string;
  readonly parent: string;
  readonly step: "imported" | "stored" | "named";
  readonly paths: readonly string[];
  readonly message: string;
}

// Written by the test that starts this.
const { gitDir, parent, step, paths, message } = JSON.parse(process.argv[2] ?? "") as KilledCommit;
const git = createGit();
const writer = createCommitWriter(git, gitDir, {
  read: createCommitReader(git, gitDir),
  onStep(reached) {
    if (reached === step) process.kill(process.pid, "SIGKILL");
  },
});
const content = Buffer.from(message);
const edits = paths.map((path) => ({ kind: "write", path, mode: "100644", content }) as const);
await writer.commitEdits({ parent, edits, message });
