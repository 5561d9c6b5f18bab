import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";
import { overlayDifference } from "../../../sandbox/changes/difference.ts";
import {
  CHANGE_LIMITS,
  type ChangeLimits,
  readChanges,
} from "../../../sandbox/changes/read-changes.ts";

/** A commit's files and the upper layer of an overlay over them, as folders of this machine. */
export interface ChangedTree {
  readonly base: string;
  readonly upper: string;
  readonly scratch: string;
  /** The change set, one line an edit: `delete PATH` or `MODE PATH CONTENT`. */
  read(limits?: Partial<ChangeLimits>): Promise<string[]>;
}

/** A folder of the layer and an attribute that it bears. */
export type Mark = readonly [path: string, name: string, value: string];

/** Makes both; the script runs in the upper layer as if a command had written it there. */
export async function changedTree(
  files: Readonly<Record<string, string>>,
  script: string,
  marks: readonly Mark[] = [],
): Promise<ChangedTree> {
  const folder = await mkdtemp(join(tmpdir(), "nexus-changes-"));
  onTestFinished(async () => {
    execFileSync("chmod", ["-R", "u+rwx", folder]);
    await rm(folder, { recursive: true, force: true });
  });
  const [base = "", upper = "", scratch = ""] = ["base", "upper", "scratch"].map((name) =>
    join(folder, name),
  );
  for (const place of [base, upper, scratch]) await mkdir(place);
  for (const [path, text] of Object.entries(files)) {
    const isFolder = path.endsWith("/");
    await mkdir(isFolder ? join(base, path) : dirname(join(base, path)), { recursive: true });
    if (!isFolder) await writeFile(join(base, path), text);
  }
  execFileSync("sh", ["-ec", script], { cwd: upper, env: { PATH: process.env.PATH, base } });
  for (const [path, name, value] of marks) mark(join(upper, path), name, value);
  const tree = { folders: [base] };
  return {
    base,
    upper,
    scratch,
    async read(limits = {}) {
      const difference = await overlayDifference({ upper, tree, pass: (path) => path === ".git" });
      const edits = await readChanges(difference, {
        scratch,
        limits: { ...CHANGE_LIMITS, ...limits },
      });
      return edits.map((edit) =>
        edit.kind === "delete"
          ? `delete ${edit.path}`
          : `${edit.mode} ${edit.path} ${Buffer.from(edit.content).toString()}`,
      );
    },
  };
}

// An archive is unpacked over the folder: the tool that sets attributes is seldom installed.
function mark(folder: string, name: string, value: string): void {
  const archive = Buffer.concat([
    ...entry("x", record(`SCHILY.xattr.${name}=${value}`)),
    ...entry("5", ""),
    Buffer.alloc(1024),
  ]);
  const args = ["-x", "--xattrs", "--xattrs-include=user.*", "-f", "-"];
  execFileSync("tar", args, { cwd: folder, input: archive });
}

function record(text: string): string {
  const length = text.length + 2;
  return `${length + String(length + String(length).length).length} ${text}\n`;
}

function entry(kind: string, content: string): Buffer[] {
  const header = Buffer.alloc(512);
  const size = content.length.toString(8).padStart(11, "0");
  const fields: readonly (readonly [string, number])[] = [
    ["./", 0],
    ["0000755", 100],
    ["0000000", 108],
    ["0000000", 116],
    [size, 124],
    ["00000000000", 136],
    ["        ", 148],
    [kind, 156],
    ["ustar\x0000", 257],
  ];
  for (const [text, at] of fields) header.write(text, at, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  body.write(content, "latin1");
  return [header, body];
}
