import type { SandboxSession } from "../../core/sandbox.ts";
import { done, failed, type ToolResult } from "../tool.ts";

/** How long a tool that only looks or writes one file may take. */
export const LOOK_TIMEOUT_MS = 60_000;

const MAX_FILE_BYTES = 1048 * 1024;
// In base64 well below what any sandbox keeps of a command's output.
const CHUNK_BYTES = 48 * 1024;

const ENDINGS = { absent: 44, link: 45, notAFile: 46, taken: 47, ignored: 48, twin: 49 };
const REASONS: ReadonlyMap<number, string> = new Map([
  [ENDINGS.absent, "There is no such file."],
  [ENDINGS.link, "The path is, or leads through, a symbolic link. Name the real file."],
  [ENDINGS.notAFile, "This is not a regular file."],
  [ENDINGS.taken, "There is something at the new path already."],
  [ENDINGS.ignored, "Git ignores the new path: the file would be lost."],
  [
    ENDINGS.twin,
    "There is a name that differs only by case, which some systems take for the same. Use that one, or another name.",
  ],
]);
const IGNORED = "Git ignores this path: the file is no part of your work.";

// A link inside the permitted paths must not lead an edit out of them.
const NO_LINKS = `
refuse_links() { while [ "$1" != . ]; do [ -L "$1" ] && exit ${ENDINGS.link}; set -- "$(dirname -- "$1")"; done; }`;
// A pair of them could not be carried in the end, when it is too late for another name.
const NO_TWINS = `
refuse_twins() { while [ "$1" != . ] && [ ! -e "$1" ]; do
ls -A -- "$(dirname -- "$1")" 2>/dev/null | grep -ixF -e "$(basename -- "$1")" > /dev/null && exit ${ENDINGS.twin}
set -- "$(dirname -- "$1")"; done; }`;
const READ = `${NO_LINKS}
refuse_links "$1"
[ -e "$1" ] || exit ${ENDINGS.absent}
[ -f "$1" ] || exit ${ENDINGS.notAFile}
tail -c "+$2" < "$1" | head -c "$3" | base64`;
const WRITE = `${NO_LINKS}${NO_TWINS}
refuse_links "$1"
refuse_twins "$1"
[ -e "$1" ] && [ ! -f "$1" ] && exit ${ENDINGS.notAFile}
mkdir -p -- "$(dirname -- "$1")" && cat > "$1" || exit
git check-ignore -q -- "$1" 2>/dev/null && echo "${IGNORED}"
exit 0`;
const REMOVE = `${NO_LINKS}
refuse_links "$(dirname -- "$1")"
[ -e "$1" ] || [ -L "$1" ] || exit ${ENDINGS.absent}
[ -d "$1" ] && [ ! -L "$1" ] && exit ${ENDINGS.notAFile}
rm -- "$1"`;
const MOVE = `${NO_LINKS}${NO_TWINS}
refuse_links "$1"
refuse_links "$(dirname -- "$2")"
[ -e "$1" ] || exit ${ENDINGS.absent}
[ -f "$1" ] || exit ${ENDINGS.notAFile}
[ -e "$2" ] || [ -L "$2" ] && exit ${ENDINGS.taken}
printf '%s\\n' "$1" | grep -qixF -e "$2" || refuse_twins "$2"
git check-ignore -q -- "$2" 2>/dev/null && ! git check-ignore -q -- "$1" && exit ${ENDINGS.ignored}
mkdir -p -- "$(dirname -- "$2")" && mv -- "$1" "$2"`;

/** The exact text of a file in the sandbox, that there is none, or why it cannot be had. */
export type FileText =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "absent" }
  | { readonly kind: "refused"; readonly reason: string };

/** Reads a file byte for byte: what a sandbox prints is cleaned and bounded, so it travels as base64 in parts. */
export async function readText(session: SandboxSession, path: string): Promise<FileText> {
  let bytes = "";
  for (;;) {
    const part = await readPart(session, path, bytes.length);
    if (part.kind !== "text") return part;
    bytes += part.text;
    if (part.text.length < CHUNK_BYTES) return decoded(bytes);
    if (bytes.length > MAX_FILE_BYTES) return refused("The file is larger than 1 MiB.");
  }
}

/** Writes a file whole, with its folders. */
export async function writeText(
  session: SandboxSession,
  path: string,
  text: string,
): Promise<ToolResult> {
  const { exitCode, output } = await session.run(script(WRITE, path), {
    stdin: new TextEncoder().encode(text),
    timeoutMs: LOOK_TIMEOUT_MS,
  });
  const note = output.trimEnd() === IGNORED ? ` ${IGNORED}` : "";
  if (exitCode === 0) return { kind: "done", text: `Wrote ${path}.${note}`, changed: true };
  return failed(REASONS.get(exitCode) ?? `The file could not be written whole: ${output}`);
}

/** Removes one file or link, never a folder. */
export async function removeFile(session: SandboxSession, path: string): Promise<ToolResult> {
  const { exitCode, output } = await session.run(script(REMOVE, path), {
    timeoutMs: LOOK_TIMEOUT_MS,
  });
  if (exitCode === 0) return { ...done(`Removed ${path}.`), changed: true };
  return failed(REASONS.get(exitCode) ?? `The file could not be removed: ${output}`);
}

/** Gives one regular file another path where nothing is yet, with its folders; its rights stay as they are. */
export async function moveFile(
  session: SandboxSession,
  from: string,
  to: string,
): Promise<ToolResult> {
  const { exitCode, output } = await session.run(script(MOVE, from, `./${to}`), {
    timeoutMs: LOOK_TIMEOUT_MS,
  });
  if (exitCode === 0) return { ...done(`Moved ${from} to ${to}.`), changed: true };
  return failed(REASONS.get(exitCode) ?? `The file could not be moved: ${output}`);
}

async function readPart(session: SandboxSession, path: string, from: number): Promise<FileText> {
  const command = script(READ, path, String(from + 1), String(CHUNK_BYTES));
  const { exitCode, ending, output, truncated } = await session.run(command, {
    timeoutMs: LOOK_TIMEOUT_MS,
  });
  if (exitCode === ENDINGS.absent) return { kind: "absent" };
  const base64 = output.replaceAll(/\s/g, "");
  const whole = ending === "exited" && exitCode === 0 && !truncated;
  if (!whole || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) {
    return refused(REASONS.get(exitCode) ?? `The file could not be read: ${output.slice(0, 500)}`);
  }
  return { kind: "text", text: atob(base64) };
}

/** `bytes` holds one character per byte. */
function decoded(bytes: string): FileText {
  try {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return { kind: "text", text: decoder.decode(Uint8Array.from(bytes, (c) => c.charCodeAt(0))) };
  } catch {
    return refused("The file is not UTF-8 text.");
  }
}

function refused(reason: string): FileText {
  return { kind: "refused", reason };
}

// "./" keeps a name such as "-rf" from being an option.
function script(text: string, path: string, ...rest: readonly string[]): readonly string[] {
  return ["sh", "-c", text, "sh", `./${path}`, ...rest];
}
