import type { SmallFile } from "../small-repository.ts";
import type { EditStep } from "./run-edits.ts";

const STEPS = 14;
const COMMON = ["a", "b", "c.txt", "sub", "deep", "run", "sp ace", 'q"uote'] as const;
const ODD = [
  "-dash",
  "'single'",
  "$(id)",
  "*",
  "semi;colon",
  "trail ",
  " lead",
  ".hidden",
  ".wh.a",
  ".wh..wh..opq",
  "CON",
  "end.",
  "aa:b",
  "#",
  "!x",
  "[a]",
  "~",
  "%41",
  "ünï",
  "日本",
  "🙂",
  "x".repeat(255),
] as const;
const MODES = [0o644, 0o755, 0o600, 0o700, 0o4755, 0o2644, 0o666, 0o555, 0o444] as const;
const KINDS = [
  "write",
  "write",
  "append",
  "truncate",
  "mkdir",
  "remove",
  "remove",
  "move",
  "move",
  "copy",
  "hardlink",
  "link",
  "link",
  "chmod",
  "chmod",
  "touch",
  "replace",
  "anew",
] as const;

/** What every script finds in its folder. */
const START: Readonly<Record<string, SmallFile>> = {
  a: "a\n",
  "c.txt": "one\ntwo\n",
  run: { script: "#!/bin/sh\necho run\n" },
  "sub/a": "sub a\n",
  "sub/b": "same\n",
  "sub/deep/a": "deep a\n",
  "sub/deep/run": { script: "#!/bin/sh\n" },
  "deep/sub/b": "same\n",
  "deep/ünï": "odd\n",
  'sp ace/q"uote': "quoted\n",
  "-dash": "dash\n",
  link: { link: "sub/a" },
  "sub/up": { link: "../deep" },
};

/** The folder of one script. */
export function folderOf(script: number): string {
  return `s${String(script).padStart(2, "0")}`;
}

/** Files of a repository with a folder for each of so many scripts. */
export function startingFiles(scripts: number): Record<string, SmallFile> {
  const files: Record<string, SmallFile> = { "README.md": "# Scripts\n" };
  for (let script = 0; script < scripts; script += 1) {
    for (const [path, file] of Object.entries(START)) files[`${folderOf(script)}/${path}`] = file;
  }
  return files;
}

/** A script of random edits in one folder; the same numbers make the same script. */
export function editScript(seed: number, folder: string): EditStep[] {
  const random = createRandom(seed);
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
  const path = () =>
    [folder, ...Array.from({ length: 1 + random(3) }, () => pickName(random))].join("/");
  const hex = () =>
    Buffer.from(Array.from({ length: random(40) }, () => random(256))).toString("hex");
  return Array.from({ length: STEPS }, () => pick(KINDS)).flatMap((kind) => {
    const at = path();
    switch (kind) {
      case "write":
      case "append":
        return [{ do: kind, path: at, hex: hex() }];
      case "truncate":
        return [{ do: kind, path: at, size: random(20) }];
      case "mkdir":
      case "remove":
      case "touch":
        return [{ do: kind, path: at }];
      case "move":
      case "copy":
      case "hardlink":
        return [{ do: kind, path: at, to: path() }];
      case "link":
        return [{ do: kind, path: at, target: pick(["", "../"]) + pickName(random) }];
      case "chmod":
        return [{ do: kind, path: at, mode: pick(MODES) }];
      case "replace":
        return replaced(at, { name: pickName(random), hex: hex(), asFile: random(2) === 0 });
      default:
        return [
          { do: "remove", path: at },
          { do: "mkdir", path: at },
          { do: "write", path: `${at}/${pickName(random)}`, hex: hex() },
        ];
    }
  });
}

interface Replacement {
  readonly name: string;
  readonly hex: string;
  readonly asFile: boolean;
}

/** A file where a folder was, or a folder where a file was. */
function replaced(path: string, { name, hex, asFile }: Replacement): EditStep[] {
  const file: EditStep = { do: "write", path: asFile ? path : `${path}/${name}`, hex };
  return [{ do: "remove", path }, file];
}

type Random = (below: number) => number;

// Names that the starting files have are taken more often, so that edits meet.
function pickName(random: Random): string {
  const names: readonly string[] = random(3) > 0 ? COMMON : ODD;
  return names[random(names.length)] ?? "a";
}

/** Numbers that look random and are always the same for one seed. */
function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
