import { parseArgs } from "node:util";

/** What somebody asked `nexus merge` for. */
export type MergeWish = FilesWish | DriverWish;

/** Three files are to be merged. */
export interface FilesWish {
  readonly kind: "merge";
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  /** Where the file is in its repository: what it is follows from it. Nothing is read or written there. */
  readonly path: string;
  /** The file that becomes the result; standard output where there is none. */
  readonly output: string | undefined;
  /** git started it, with files of its own whose names say nothing to anybody. */
  readonly isDriver: boolean;
  readonly look: MarkerLook;
  /** Says on standard error how each place was settled. */
  readonly explain: boolean;
}

/** How conflicts are marked. */
export interface MarkerLook {
  /** The least length of a marker. */
  readonly size: number;
  readonly ours: string | undefined;
  readonly base: string | undefined;
  readonly theirs: string | undefined;
  readonly style: ConflictStyle;
}

/** git's own: two sides; with the base's lines; with them, but without what both sides have in common. */
type ConflictStyle = (typeof STYLES)[number];

const STYLES = ["merge", "diff3", "zdiff3"] as const;

/** git is to use it, or to use it no more. */
export interface DriverWish {
  readonly kind: "merge-driver";
  readonly action: "install" | "uninstall";
  readonly scope: "local" | "global";
}

const SIZE = /^[1-9]\d{0,2}$/;

/** Reads the words after `nexus merge`. Throws an `Error` of one line where they cannot be understood. */
export function mergeWish(args: readonly string[]): MergeWish {
  const flag = { type: "boolean", default: false } as const;
  const word = { type: "string" } as const;
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      install: flag,
      uninstall: flag,
      global: flag,
      driver: flag,
      explain: flag,
      output: word,
      "conflict-style": word,
      "marker-size": word,
      "label-ours": word,
      "label-base": word,
      "label-theirs": word,
    },
  });
  const driver = driverWish(values, positionals);
  if (driver) return driver;
  if (values.global) throw new Error("--global goes with --install or --uninstall");
  const [base, ours, theirs, path, ...surplus] = positionals;
  if (base === undefined || ours === undefined || theirs === undefined || path === undefined)
    throw new Error("name four: nexus merge BASE OURS THEIRS PATH");
  if (surplus[0] !== undefined) throw new Error(`${shown(surplus[0])} is one word too many`);
  if (values.driver && values.output !== undefined)
    throw new Error("--driver and --output cannot be asked for at once");
  return {
    kind: "merge",
    base,
    ours,
    theirs,
    path,
    output: values.driver ? ours : values.output,
    isDriver: values.driver,
    look: {
      size: sizeOf(values["marker-size"]),
      ours: labelOf(values["label-ours"]),
      base: labelOf(values["label-base"]),
      theirs: labelOf(values["label-theirs"]),
      style: styleOf(values["conflict-style"]),
    },
    explain: values.explain,
  };
}

interface DriverFlags {
  readonly install: boolean;
  readonly uninstall: boolean;
  readonly global: boolean;
}

function driverWish(flags: DriverFlags, files: readonly string[]): DriverWish | undefined {
  if (flags.install && flags.uninstall)
    throw new Error("--install and --uninstall cannot be asked for at once");
  if (!flags.install && !flags.uninstall) return undefined;
  const action = flags.install ? "install" : "uninstall";
  if (files[0] !== undefined) throw new Error(`--${action} takes no files`);
  return { kind: "merge-driver", action, scope: flags.global ? "global" : "local" };
}

function sizeOf(word: string | undefined): number {
  if (word === undefined) return 7;
  if (!SIZE.test(word))
    throw new Error(`--marker-size takes a number up to 999, not ${shown(word)}`);
  return Number(word);
}

/** Empty is what git says where its settings have none. */
function styleOf(word: string | undefined): ConflictStyle {
  if (word === undefined || word === "") return "merge";
  const style = STYLES.find((one) => one === word);
  if (style === undefined)
    throw new Error(`--conflict-style takes merge, diff3 or zdiff3, not ${shown(word)}`);
  return style;
}

/** One line, and nothing in it acts. An older git hands on the `%X` that it does not know. */
function labelOf(word: string | undefined): string | undefined {
  const label = word
    ?.replace(/\p{Cc}|\p{Cf}/gu, " ")
    .trim()
    .slice(0, 200);
  return label === undefined || label === "" || /^%[SXY]$/.test(label) ? undefined : label;
}

function shown(word: string): string {
  return JSON.stringify(word.slice(0, 60)).replace(/[^ -~]/g, "?");
}
