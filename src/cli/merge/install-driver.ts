import { lstat, mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { withDriver, withoutDriver } from "./attribute-lines.ts";
import { driverCommand } from "./driver-command.ts";
import { keptAttributes } from "./kept-attributes.ts";
import type { DriverWish } from "./merge-wish.ts";
import { reasonOf } from "./read-side.ts";
import { writeWhole } from "./write-whole.ts";

/** git's own settings, of one repository or of a person. */
interface DriverSettings {
  /** The file of attributes that is not part of any commit. */
  attributesFile(): Promise<string>;
  /** Every `.gitattributes` of the checkout; undefined where there is none. */
  checkout(): Promise<Checkout | undefined>;
  set(command: string): Promise<void>;
  /** Says whether there was anything. */
  unset(): Promise<boolean>;
}

interface Checkout {
  readonly root: string;
  /** From the root. */
  readonly attributes: readonly string[];
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
  if (wish.action === "uninstall") return await uninstall({ file, before }, place);
  const kept = wish.scope === "local" ? await keptOf(place.settings) : [];
  const after = withDriver(before, kept);
  await mkdir(dirname(file), { recursive: true });
  if (after !== before) await writeWhole(file, Buffer.from(after));
  // Last: git follows attributes only where the driver that they name is known.
  await place.settings.set(driverCommand(place.program));
  place.out(`git's settings have the merge driver "nexus" (${wish.scope}).`);
  place.out(`${file} says for which files.`);
  tellKept(kept, place);
}

interface Attributes {
  readonly file: string;
  readonly before: string;
}

async function uninstall({ file, before }: Attributes, place: DriverPlace): Promise<void> {
  const wasSet = await place.settings.unset();
  const after = withoutDriver(before);
  if (after !== before && after === "" && (await lstat(file)).isFile()) await rm(file);
  else if (after !== before) await writeWhole(file, Buffer.from(after));
  place.out(
    wasSet || after !== before
      ? `Taken away from git's settings and ${file}.`
      : "It was not installed.",
  );
}

/** What is written counts more than the repository's own files, so what these say of merging is written too. */
async function keptOf(settings: DriverSettings): Promise<readonly string[]> {
  const { root, attributes } = (await settings.checkout()) ?? { root: "", attributes: [] };
  const files = attributes.map(async (path) => {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    return { folder, text: (await textAt(join(root, path))) ?? "" };
  });
  return keptAttributes(await Promise.all(files));
}

function tellKept(kept: readonly string[], { out }: DriverPlace): void {
  if (kept.length === 0) return;
  out("What the repository's .gitattributes say about merging still counts:");
  for (const line of kept.slice(0, 20)) out(`  ${line}`);
  if (kept.length > 20) out(`  and ${kept.length - 20} more`);
  out("Install again when they have changed.");
}

async function textAt(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}
