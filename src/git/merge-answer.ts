import { NexusError } from "../core/errors.ts";
import { objectId } from "./names.ts";

/** One entry that git left unmerged. */
interface Unmerged {
  readonly path: string;
  readonly mode: string;
  readonly id: string;
  /** 1 base, 2 ours, 3 theirs. */
  readonly stage: number;
}

/** One remark of git about paths. */
interface Remark {
  readonly paths: readonly string[];
  /** git's fixed words for it, such as `CONFLICT (contents)`. */
  readonly type: string;
}

/** What `git merge-tree --write-tree -z --messages` says. */
export interface MergeAnswer {
  readonly tree: string;
  readonly unmerged: readonly Unmerged[];
  readonly remarks: readonly Remark[];
  /** Names that are not UTF-8, as they stand in the answer. */
  readonly illegible: ReadonlySet<string>;
}

/** Reads the answer byte by byte up to the NULs, so no name and no message can pass for something else. */
export function readAnswer(stdout: Buffer): MergeAnswer {
  const illegible = new Set<string>();
  const fields = fieldsOf(stdout, illegible);
  const tree = objectId(fields[0]?.trim() ?? "");
  const unmerged: Unmerged[] = [];
  let at = 1;
  for (; fields[at]; at += 1) unmerged.push(entryOf(fields[at] ?? ""));
  const remarks: Remark[] = [];
  for (at += 1; fields[at]; ) {
    const count = Number(fields[at]);
    // After everything else comes advice on submodules, in no form.
    if (Number.isNaN(count) && at === fields.length - 1) break;
    const type = fields[at + 1 + count];
    if (!Number.isSafeInteger(count) || count < 1 || type === undefined) throw unreadable();
    remarks.push({ paths: fields.slice(at + 1, at + 1 + count), type });
    at += count + 3;
  }
  return { tree, unmerged, remarks, illegible };
}

function fieldsOf(stdout: Buffer, illegible: Set<string>): string[] {
  const exact = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  const fields: string[] = [];
  for (let start = 0; start < stdout.length; ) {
    const nul = stdout.indexOf(0, start);
    const bytes = stdout.subarray(start, nul < 0 ? stdout.length : nul);
    try {
      fields.push(exact.decode(bytes));
    } catch {
      // The bytes stay part of the text: two such names never become one.
      fields.push(bytes.toString("latin1"));
      illegible.add(nameOf(bytes.toString("latin1")));
    }
    start += bytes.length + 1;
  }
  return fields;
}

/** A field is an entry with a name behind its tab, or a name alone. */
function nameOf(field: string): string {
  return ENTRY.exec(field)?.[4] ?? field;
}

const ENTRY = /^([0-7]{6}) ([0-9a-f]+) ([123])\t([\s\S]+)$/;

function entryOf(field: string): Unmerged {
  const [, mode, id, stage, path] = ENTRY.exec(field) ?? [];
  if (!mode || !id || !path) throw unreadable();
  return { path, mode, id: objectId(id), stage: Number(stage) };
}

function unreadable(): NexusError {
  return new NexusError("git.failed", "git's answer to a merge is not what Nexus knows.");
}
