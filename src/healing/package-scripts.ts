import { z } from "zod";

/** The scripts of a package.json by name. */
export type PackageScripts = ReadonlyMap<string, string>;

const Manifest = z.object({ scripts: z.record(z.string(), z.unknown()).optional() });

/** Reads the scripts of a package.json; a file that is none is a problem, not an error. */
export function readPackageScripts(packageJson: string | undefined): {
  scripts: PackageScripts;
  problems: readonly string[];
} {
  if (packageJson === undefined) return { scripts: new Map(), problems: [] };
  const manifest = Manifest.safeParse(jsonOf(packageJson));
  if (!manifest.success) {
    return { scripts: new Map(), problems: ["package.json is not a valid package description"] };
  }
  const scripts = new Map<string, string>();
  for (const [name, script] of Object.entries(manifest.data.scripts ?? {})) {
    if (typeof script === "string") scripts.set(name, script);
  }
  return { scripts, problems: [] };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    // Not JSON is not an object either: the schema says so.
    return undefined;
  }
}
