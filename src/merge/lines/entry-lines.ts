import { isInFreeList } from "./free-list.ts";
import type { Place } from "./stage.ts";

/** The key of a line that is one entry of something unordered, or undefined where that is not certain. */
export type KeyOf = (line: string) => string | undefined;

const plainValue = /^(?:"(?:\\.|[^"\\])*"|'[^']*'|[-+\w.]+|\{[^{}]*\}|\[[^[\]]*\])$/;

/** How entries are told apart at this place; undefined where its lines are not known to be unordered. */
export function entryKeyAt(at: Place): KeyOf | undefined {
  const name = at.path.split("/").at(-1) ?? "";
  if (/^\.\w*ignore$/.test(name)) return ignoredPattern;
  if (/^(?:dev-|test-)?requirements[\w.-]*\.(?:txt|in)$|^constraints\.txt$/.test(name))
    return requirement;
  if (/\.(?:json|jsonc|json5)$/.test(name)) return jsonKey;
  if (name.endsWith(".toml")) return tomlKey;
  if (isInFreeList(at)) return listMember;
  return undefined;
}

/** A pattern that takes back another one depends on its place. */
function ignoredPattern(line: string): string | undefined {
  const pattern = line.trim();
  return pattern === "" || /^[!#]/.test(pattern) ? undefined : pattern;
}

function requirement(line: string): string | undefined {
  return /^([A-Za-z0-9][\w.-]*)(?:\[[\w,\s-]*\])?\s*(?:[=<>!~;@].*)?$/
    .exec(line.trim())?.[1]
    ?.toLowerCase();
}

function jsonKey(line: string): string | undefined {
  const found = /^("(?:\\.|[^"\\])*")\s*:\s*(\S.*)$/s.exec(withoutComma(line));
  return found !== null && plainValue.test(found[2] ?? "") ? found[1] : undefined;
}

function tomlKey(line: string): string | undefined {
  const found = /^([\w."-]+)\s*=\s*(\S.*)$/s.exec(line.trim());
  return found !== null && plainValue.test(found[2] ?? "") ? found[1] : undefined;
}

function listMember(line: string): string | undefined {
  return /^(?:type\s+)?([\w$]+(?:\s+as\s+[\w$]+)?|"[^"]+"|'[^']+')$/.exec(withoutComma(line))?.[1];
}

function withoutComma(line: string): string {
  const trimmed = line.trim();
  return trimmed.endsWith(",") ? trimmed.slice(0, -1).trimEnd() : trimmed;
}
