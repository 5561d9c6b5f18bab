/** Code points that HFS+ ignores in names, and those that turn or hide text. */
const HIDDEN = /[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]/u;
const CONTROL = /\p{Cc}/u;
const MAX_PART = 255;
const MAX_PATH = 4096;
const MAX_LINK = 4095;

/** Files that git itself reads from the tree and must never follow. */
const READ_BY_GIT = new Set([".gitmodules", ".gitattributes", ".gitignore", ".mailmap"]);

/**
 * Why git must never carry this path, or undefined for a good one. Stricter than git, which writes
 * `.git/hooks/x` or `../x` into a tree without a word when asked by `fast-import`.
 */
export function pathProblem(path: string | Uint8Array): string | undefined {
  const text = decode(path);
  if (text === undefined) return "is not UTF-8";
  if (Buffer.byteLength(text) > MAX_PATH) return "is longer than 4096 bytes";
  if (CONTROL.test(text)) return "holds a control character";
  if (HIDDEN.test(text)) return "holds an invisible character";
  // Windows takes it for a separator, so what is one name here leads elsewhere there.
  if (text.includes("\\")) return "holds a backslash";
  return firstProblem(text.split("/"));
}

/** Why this link must not be written, or undefined: it has to stay inside the tree and outside `.git`. */
export function linkProblem(path: string, target: Uint8Array): string | undefined {
  const text = decode(target);
  if (text === undefined || CONTROL.test(text) || HIDDEN.test(text)) return "is no plain text";
  if (text === "" || target.byteLength > MAX_LINK) return "is empty or too long";
  if (READ_BY_GIT.has(lastPart(path).toLowerCase())) return "is a link where git expects a file";
  if (/^[/\\]|^[A-Za-z]:/.test(text)) return "leads to an absolute path";
  return leavesTree(path, text) ? "leads out of the repository" : intoGit(text);
}

function decode(bytes: string | Uint8Array): string | undefined {
  if (typeof bytes === "string")
    return bytes.isWellFormed() && !bytes.includes("\uFFFD") ? bytes : undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function firstProblem(parts: readonly string[]): string | undefined {
  for (const part of parts) {
    if (part === "") return "has an empty part";
    if (part === "." || part === "..") return `has a part "${part}"`;
    if (Buffer.byteLength(part) > MAX_PART) return "has a part longer than 255 bytes";
    if (isDotGit(part)) return "spells .git";
  }
  return undefined;
}

/** True for every spelling that some file system takes for `.git`. */
function isDotGit(part: string): boolean {
  const folded = part.normalize("NFKC").toLowerCase();
  const beforeStream = folded.split(":")[0] ?? "";
  const trimmed = beforeStream.replace(/[. ]+$/, "");
  return trimmed === ".git" || /^git~\d+$/.test(trimmed);
}

function leavesTree(path: string, target: string): boolean {
  let depth = path.split("/").length - 1;
  for (const part of target.split(/[/\\]/)) {
    if (part === "..") depth -= 1;
    else if (part !== "" && part !== ".") depth += 1;
    if (depth < 0) return true;
  }
  return false;
}

function intoGit(target: string): string | undefined {
  return target.split(/[/\\]/).some(isDotGit) ? "leads into .git" : undefined;
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
