import { bytesOf, type RawPath } from "./raw-path.ts";

const MAX_PATH_BYTES = 4096;
const MAX_NAME_BYTES = 255;
const MAX_LINK_BYTES = 4095;
const CONTROL = /\p{Cc}/u;
// What turns the direction of reading, and what nobody sees.
const HIDDEN = /[\u00AD\u061C\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]/u;
// Characters that some file systems leave out when they compare names.
const LEFT_OUT = /[\p{Default_Ignorable_Code_Point}]/gu;
// Read by git itself, which must find a file.
const READ_BY_GIT = new Set([".gitmodules", ".gitattributes", ".gitignore", ".mailmap"]);

/** A path as people see it, and why git must never carry it; no reason for a good one. */
export interface JudgedPath {
  readonly text: string;
  readonly problem: string | undefined;
}

/**
 * Judges a path by its bytes. Names that only Windows cannot use, such as `CON` or one with a dot or a space
 * at its end, are carried: git keeps them, and most repositories never meet Windows.
 */
export function judgePath(path: RawPath): JudgedPath {
  const text = decoded(bytesOf(path));
  if (text === undefined) {
    return { text: bytesOf(path).toString("utf8"), problem: "the name is not valid UTF-8" };
  }
  const tooLong = path.length > MAX_PATH_BYTES ? "the path is too long" : undefined;
  return { text, problem: tooLong ?? textProblem(text) ?? namesProblem(text.split("/")) };
}

/**
 * Why a link must not be carried: it has to lead to a place inside the repository and outside of git's
 * folder, whatever other links lie on the way.
 */
export function linkProblem(path: string, target: Buffer): string | undefined {
  const text = decoded(target);
  if (text === undefined) return "a link whose target is not valid UTF-8";
  if (target.length > MAX_LINK_BYTES) return "a link whose target is too long";
  if (text === "" || /^[/\\]|^[A-Za-z]:/u.test(text)) {
    return "a link with an absolute or empty target";
  }
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  if (READ_BY_GIT.has(name)) return "a link where git expects a file";
  return textProblem(text, "/\\") ?? wayProblem(path, text.split(/[/\\]/u));
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

/** The text of bytes; undefined where they are no UTF-8 or stand for such. */
function decoded(bytes: Buffer): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes("\uFFFD") ? undefined : text;
  } catch {
    return undefined;
  }
}

function textProblem(text: string, separators = "/"): string | undefined {
  if (CONTROL.test(text)) return "control characters in a name";
  if (HIDDEN.test(text)) return "characters that are invisible or turn the direction of reading";
  // Windows takes it for a separator, so what is one name here leads elsewhere there.
  return text.includes("\\") && !separators.includes("\\") ? "a backslash in a name" : undefined;
}

function namesProblem(names: readonly string[]): string | undefined {
  for (const name of names) {
    if (name === "" || name === "." || name === "..") return "the path is not plain";
    if (Buffer.byteLength(name) > MAX_NAME_BYTES) return "a name is too long";
    if (spellsGitFolder(name)) return "a name spells git's own folder";
  }
  return undefined;
}

// Only `..` at the beginning is plain: after a name, which may be a link, nobody knows where it leads.
function wayProblem(path: string, parts: readonly string[]): string | undefined {
  let depth = path.split("/").length - 1;
  let named = false;
  for (const part of parts) {
    if (part === "" || part === ".") continue;
    if (part !== "..") named = true;
    else if (named) return "a link that turns back after a name";
    else if (depth === 0) return "a link that leads out of the repository";
    else depth -= 1;
    if (spellsGitFolder(part)) return "a link into git's own folder";
  }
  return undefined;
}
