import { posix } from "node:path";
import { NexusError } from "../../src/core/errors.ts";
import { bytesOf, type RawPath } from "./raw-path.ts";

const MAX_PATH_BYTES = 4096;
const CONTROL = /\p{Cc}/u;
const TURNS_READING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
// Characters that some file systems leave out when they compare names.
const LEFT_OUT = /[\p{Default_Ignorable_Code_Point}]/gu;

/** The path as text, or `sandbox.refused-path` if it is one that git must never carry. */
export function carriedPath(path: RawPath): string {
  const text = decoded(path);
  if (path.length > MAX_PATH_BYTES) throw refused(text, "the path is too long");
  checkText(text, text);
  for (const name of text.split("/")) {
    if (name === "" || name === "." || name === "..") throw refused(text, "the path is not plain");
    if (spellsGitFolder(name)) throw refused(text, "a name spells git's own folder");
  }
  return text;
}

/** Checks where a link leads: inside the repository, not into git's folder, never by an absolute path. */
export function checkLink(path: string, target: RawPath): void {
  const text = decoded(target);
  checkText(text, path);
  if (text === "" || text.startsWith("/"))
    throw refused(path, "a link with an absolute or empty target");
  const names = posix.join(posix.dirname(path), text).split("/");
  if (names[0] === "..") throw refused(path, "a link that leads out of the repository");
  if ([...names, ...text.split("/")].some(spellsGitFolder)) {
    throw refused(path, "a link into git's own folder");
  }
  if (posix.basename(path).toLowerCase() === ".gitmodules")
    throw refused(path, "a linked .gitmodules");
}

/** True for every spelling that git or a file system may take for `.git`. */
function spellsGitFolder(name: string): boolean {
  return name.split("\\").some((part) => {
    const plain = part
      .replace(LEFT_OUT, "")
      .normalize("NFKC")
      .toLowerCase()
      .replace(/:.*$/su, "")
      .replace(/[. ]+$/u, "");
    return plain === ".git" || /^git~\d+$/u.test(plain);
  });
}

/** The refusal of one path. The name is quoted: it is hostile text. */
export function refused(path: string, why: string): NexusError {
  return new NexusError("sandbox.refused-path", `${JSON.stringify(path)}: ${why}.`, {
    hint: "Nexus does not carry such a path into a commit. Leave it out of the change.",
  });
}

function decoded(path: RawPath): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytesOf(path));
  } catch {
    throw refused(bytesOf(path).toString("utf8"), "the name is not valid UTF-8");
  }
}

function checkText(text: string, path: string): void {
  if (CONTROL.test(text)) throw refused(path, "control characters in a name");
  if (TURNS_READING.test(text))
    throw refused(path, "characters that turn the direction of reading");
}
