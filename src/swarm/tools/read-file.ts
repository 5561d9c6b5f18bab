import { z } from "zod";
import type { SandboxSession } from "../../core/sandbox.ts";
import { type Bench, createTool, done, failed, type ToolResult } from "../tool.ts";
import { LOOK_TIMEOUT_MS } from "./files-in-sandbox.ts";
import { refuseUnsafe } from "./permitted-path.ts";
import { LINES_AT_ONCE, shownLines, type Window } from "./shown-lines.ts";

/** What is read of a file at once, in bytes; more than any answer has room for. */
const WINDOW_BYTES = 64 * 1024;
const UNREAD = "The file could not be read in time. Look at a part of it with a command.";
const OUTPUT = /^output:(?<number>\d{1,9})$/;

// Lines, size and the id that git gives to the bytes of the whole file; then the wanted bytes, which travel as base64.
const READ = `
[ -f "$1" ] || { echo "There is no such file."; exit 1; }
[ -s "$1" ] || { echo "The file is empty."; exit 3; }
grep -Iq '' "$1" || { echo "The file is not text."; exit 1; }
export LC_ALL=C
size=$(($(wc -c < "$1")))
blob=$({ printf 'blob %d\\0' "$size"; cat "$1"; } | sha1sum | cut -c1-40)
echo "$(sed -n '$=' "$1") $size $blob"
sed -n "$2,$3p;$3q" "$1" | tail -c "+$4" | head -c "$5" | base64`;

const Range = z.strictObject({
  path: z.string(),
  from: z.int().positive().max(1e9).optional(),
  to: z.int().positive().max(1e9).optional(),
  column: z.int().positive().max(1e9).optional(),
});

/** Shows lines of a file, or of an output that was cut, with their numbers. */
export const readFile = createTool({
  name: "read",
  description: `Shows a file with line numbers, at most ${LINES_AT_ONCE} lines at once, from line \`from\` to line \`to\`; \`column\` reads on in a long line. The numbers and the tab after them are not part of the file. The first line names git's id of the file's bytes: with the same id it is the same file. \`path\` may also be an output that was cut, such as output:3.`,
  input: Range,
  async use(asked, bench) {
    const { path, from = 1, to = from + LINES_AT_ONCE - 1, column = 1 } = asked;
    if (to < from) return failed("`to` is before `from`.");
    const last = Math.min(to, from + LINES_AT_ONCE - 1);
    const range = { path, from, to: last, column };
    const output = OUTPUT.exec(path)?.groups?.number;
    if (output !== undefined) return readOutput(Number(output), range, bench);
    return refuseUnsafe(path) ?? (await readFromSandbox(range, bench));
  },
});

interface Asked {
  readonly path: string;
  readonly from: number;
  readonly to: number;
  readonly column: number;
}

function readOutput(number: number, asked: Asked, { outputs, room }: Bench): ToolResult {
  const text = outputs.find(number);
  if (text === undefined) {
    return failed(
      `There is no output ${number}, or it is not kept any more. Run the command again.`,
    );
  }
  const all = text.replace(/\n$/, "").split("\n");
  if (asked.from > all.length) return failed(pastEnd(asked, all.length));
  const { from, to, column } = asked;
  const wanted = new TextEncoder().encode(all.slice(from - 1, to).join("\n"));
  const part = wanted.subarray(column - 1, column - 1 + WINDOW_BYTES);
  const bytes = Array.from(part, (byte) => String.fromCharCode(byte)).join("");
  const isCut = column - 1 + part.length < wanted.length;
  return shown(
    { bytes, from, column, isCut, to: Math.min(to, all.length), lines: all.length },
    {
      head: `[output ${number}: ${all.length} lines]`,
      room,
    },
  );
}

async function readFromSandbox(asked: Asked, { session, room }: Bench): Promise<ToolResult> {
  const { path, from, to, column } = asked;
  const { exitCode, output, ending } = await runRead(session, asked);
  if (ending !== "exited") return failed(UNREAD);
  if (exitCode === 3) return done(output);
  const [head = "", ...body] = output.split("\n");
  const found = /^(?<lines>\d+) (?<size>\d+) (?<blob>[0-9a-f]{40})$/.exec(head)?.groups;
  if (exitCode !== 0 || !found) return failed(output);
  const [lines, size] = [Number(found.lines), Number(found.size)];
  if (from > lines) return failed(pastEnd(asked, lines));
  const bytes = atob(body.join(""));
  const isCut = bytes.length === WINDOW_BYTES;
  const window: Window = { bytes, from, column, isCut, to: Math.min(to, lines), lines };
  return shown(window, {
    head: `[${path}: ${lines} lines, ${size} bytes, blob ${found.blob}]`,
    room,
  });
}

function runRead(session: SandboxSession, { path, from, to, column }: Asked) {
  const numbers = [from, to, column, WINDOW_BYTES].map(String);
  // "./" keeps a name such as "-rf" from being an option.
  const command = ["sh", "-c", READ, "sh", `./${path}`, ...numbers];
  return session.run(command, { timeoutMs: LOOK_TIMEOUT_MS });
}

function shown(
  window: Window,
  { head, room }: { readonly head: string; readonly room: number },
): ToolResult {
  if (window.bytes === "" && window.column > 1) {
    return failed(`Line ${window.from} has fewer than ${window.column} bytes.`);
  }
  return done(`${head}\n${shownLines(window, room - head.length)}`);
}

function pastEnd({ from }: Asked, lines: number): string {
  return `There is no line ${from}: the last one is ${lines}.`;
}
