import { createHash } from "node:crypto";
import type { Edit } from "../core/change-set.ts";
import type { Identity } from "./environment.ts";

/** One commit, as `git fast-import` is told of it. */
export interface ImportedCommit {
  readonly ref: string;
  readonly parent: string;
  readonly message: string;
  readonly identity: Identity;
  readonly seconds: number;
  readonly edits: readonly Edit[];
}

/** The stream for one commit. Lengths precede all text, and paths are quoted byte by byte, so no content is a command. */
export function importStream(commit: ImportedCommit): Buffer {
  const { ref, parent, message, edits } = commit;
  const who = signature(commit);
  // Deletions first: a file may take the place of a folder and the other way round.
  const deletions = edits.filter((edit) => edit.kind === "delete");
  const writes = edits.filter((edit) => edit.kind === "write");
  return Buffer.concat([
    Buffer.from(`feature done\ncommit ${ref}\nmark :1\nauthor ${who}\ncommitter ${who}\n`),
    data(Buffer.from(message)),
    Buffer.from(`from ${parent}\n`),
    ...deletions.map(({ path }) => Buffer.from(`D ${quoted(path)}\n`)),
    ...writes.flatMap(({ mode, path, content }) => [
      Buffer.from(`M ${mode} inline ${quoted(path)}\n`),
      data(content),
    ]),
    // The answer is two lines: the commit, then its tree as `ls-tree` would write it.
    Buffer.from('get-mark :1\nls :1 ""\ndone\n'),
  ]);
}

/** The id that a commit of this tree has when git wrote nothing but what it was told. */
export function expectedId(commit: ImportedCommit, tree: string): string {
  const { parent, message } = commit;
  const who = signature(commit);
  const text = `tree ${tree}\nparent ${parent}\nauthor ${who}\ncommitter ${who}\n\n${message}`;
  return objectHash("commit", Buffer.from(text), parent.length);
}

/** The id of an object, as a repository names it whose ids have `length` digits. */
export function objectHash(kind: "blob" | "commit", bytes: Uint8Array, length: number): string {
  const hash = createHash(length === 64 ? "sha256" : "sha1");
  return hash.update(`${kind} ${bytes.byteLength}\0`).update(bytes).digest("hex");
}

function signature({ identity, seconds }: ImportedCommit): string {
  return `${identity.name} <${identity.email}> ${seconds} +0000`;
}

function data(bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`data ${bytes.byteLength}\n`), bytes, Buffer.from("\n")]);
}

/** git's C style quoting, every byte that is not plain as octal. */
function quoted(path: string): string {
  const bytes = [...Buffer.from(path)];
  return `"${bytes.map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : octal(byte))).join("")}"`;
}

function isPlain(byte: number): boolean {
  return byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c;
}

function octal(byte: number): string {
  return `\\${byte.toString(8).padStart(3, "0")}`;
}
