import { git } from "./git.ts";
import type { Account } from "./state.ts";

/** A file's new content; null takes the file away. */
export type FileContent =
  | string
  | Uint8Array
  | { readonly content: string | Uint8Array; readonly executable: boolean }
  | null;

export interface NewCommit {
  readonly branch: string;
  readonly parent: string | undefined;
  readonly files: Readonly<Record<string, FileContent>>;
  readonly message: string;
  readonly author: Account;
}

/** The private address by which GitHub knows whose commit it is. */
export function emailOf(account: Account): string {
  return `${account.id}+${account.login}@users.noreply.github.com`;
}

function quoted(path: string): string {
  const escaped = path.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
  return `"${escaped}"`;
}

function data(content: string | Uint8Array): Buffer[] {
  const bytes = typeof content === "string" ? Buffer.from(content) : Buffer.from(content);
  return [Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from("\n")];
}

function change(path: string, file: FileContent): Buffer[] {
  if (file === null) return [Buffer.from(`D ${quoted(path)}\n`)];
  const plain = typeof file === "string" || file instanceof Uint8Array;
  const mode = !plain && file.executable ? "100755" : "100644";
  const head = Buffer.from(`M ${mode} inline ${quoted(path)}\n`);
  return [head, ...data(plain ? file : file.content)];
}

/** Writes one commit straight into the bare repository and moves the branch to it. */
export async function writeCommit(folder: string, commit: NewCommit): Promise<void> {
  const ref = `refs/heads/${commit.branch}`;
  const seconds = Math.floor(Date.now() / 1000);
  const who = `committer ${commit.author.login} <${emailOf(commit.author)}> ${seconds} +0000\n`;
  const input = Buffer.concat([
    Buffer.from(`commit ${ref}\n${who}`),
    ...data(commit.message),
    ...(commit.parent === undefined ? [] : [Buffer.from(`from ${commit.parent}\n`)]),
    ...Object.entries(commit.files).flatMap(([path, file]) => change(path, file)),
  ]);
  await git(folder, ["fast-import", "--quiet"], { input });
}
