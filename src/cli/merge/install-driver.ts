import { mkdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { driverCommand, ownMergeLines, withDriver, withoutDriver } from "./driver-lines.ts";
import type { DriverWish } from "./merge-wish.ts";
import { reasonOf } from "./read-side.ts";
import { writeWhole } from "./write-whole.ts";

/** git's own settings, of one repository or of a person. */
interface DriverSettings {
  /** The file of attributes that is not part of any commit. */
  attributesFile(): Promise<string>;
  /** Where the repository's own attributes are; undefined where there is no checkout. */
  checkout(): Promise<string | undefined>;
  set(command: string): Promise<void>;
  /** Says whether there was anything. */
  unset(): Promise<boolean>;
}

/** Where the driver is installed. */
export interface DriverPlace {
  readonly settings: DriverSettings;
  /** The command line of Nexus. */
  readonly program: string;
  readonly out: (line: string) => void;
}

/** Makes git use the driver, or use it no more, and says what it wrote. Doing it twice is like doing it once. */
export async function installDriver(wish: DriverWish, place: DriverPlace): Promise<void> {
  const file = await place.settings.attributesFile();
  const before = (await textAt(file)) ?? "";
  if (wish.action === "uninstall") {
    const wasSet = await place.settings.unset();
    const after = withoutDriver(before);
    if (after !== before) await writeWhole(file, Buffer.from(after));
    place.out(
      wasSet || after !== before
        ? `Taken away from git's settings and ${file}.`
        : "It was not installed.",
    );
    return;
  }
  await place.settings.set(driverCommand(place.program));
  const after = withDriver(before);
  await mkdir(dirname(file), { recursive: true });
  if (after !== before) await writeWhole(file, Buffer.from(after));
  place.out(`git's settings have the merge driver "nexus" (${wish.scope}).`);
  place.out(`${file} says for which files.`);
  if (wish.scope === "local") await tellOverruled(place);
}

/** What `.git/info/attributes` says counts more than what the repository itself says. */
async function tellOverruled({ settings, out }: DriverPlace): Promise<void> {
  const folder = await settings.checkout();
  const text = folder === undefined ? undefined : await textAt(join(folder, ".gitattributes"));
  const own = ownMergeLines(text ?? "");
  if (own.length === 0) return;
  out("The repository's .gitattributes says itself how some files are merged:");
  for (const line of own.slice(0, 20)) out(`  ${line}`);
  out("For these files git now follows Nexus' lines; write them again below those to keep them.");
}

async function textAt(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}
