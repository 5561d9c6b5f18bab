import { nameOf } from "../path-parts.ts";

/** The versions of each package, by its name. */
export type LockedVersions = ReadonlyMap<string, ReadonlySet<string>>;

// Hostile text decides nothing but what is compared: what none of these finds is not there.
const TOML = /^\[\[package\]\]\r?\nname = "([^"\n]{1,200})"\r?\nversion = "([^"\n]{1,200})"/gm;
const GEM = /^ {4}([\w.-]{1,200}) \(([^()\s]{1,200})\)\r?$/gm;
const PNPM = /^ {2}['"]?\/?(@?[^@'"\s:()]{1,200})[@/](\d[^'"\s:()]{0,200})(?:\([^\n]*)?['"]?:/gm;
const YARN = /^["']?(@?[^@"'\s,]{1,200})@[^\n]*:\r?\n {2}"?version"?:? "?([^"\n]{1,200})"?\r?$/gm;
const BUN = /^ {4}"[^"\n]{1,200}": \["(@?[^@"\n]{1,200})@(\d[^"\n]{0,200})"/gm;
const PATTERNS: ReadonlyMap<string, RegExp> = new Map([
  ["poetry.lock", TOML],
  ["uv.lock", TOML],
  ["Cargo.lock", TOML],
  ["Gemfile.lock", GEM],
  ["gems.locked", GEM],
  ["bun.lock", BUN],
  ["pnpm-lock.yaml", PNPM],
  ["yarn.lock", YARN],
]);

/** What a lockfile locks, as far as it can be read; empty for kinds and texts that cannot. */
export function lockedVersions(path: string, text: string): LockedVersions {
  const name = nameOf(path);
  const pattern = PATTERNS.get(name);
  if (pattern) {
    const found = [...text.matchAll(pattern)];
    return grouped(found.map(([, key = "", version = ""]) => [key, version] as const));
  }
  if (/^(?:package-lock|npm-shrinkwrap)\.json$/.test(name)) return grouped(ofNpm(jsonOf(text)));
  return name === "composer.lock" ? grouped(ofComposer(jsonOf(text))) : new Map();
}

function grouped(pairs: readonly (readonly [string, string])[]): LockedVersions {
  const versions = new Map<string, Set<string>>();
  for (const [name, version] of pairs) {
    const known = versions.get(name) ?? new Set();
    versions.set(name, known.add(version));
  }
  return versions;
}

function ofNpm(lock: unknown): [string, string][] {
  const { packages, dependencies } = recordOf(lock);
  if (packages === undefined) return ofOldNpm(dependencies, DEEPEST);
  return Object.entries(recordOf(packages)).flatMap(([place, entry]) => {
    const at = place.lastIndexOf("node_modules/");
    const { version } = recordOf(entry);
    const name = place.slice(at + "node_modules/".length);
    return at < 0 || typeof version !== "string" ? [] : [[name, version] as [string, string]];
  });
}

const DEEPEST = 100;

/** The first format has packages inside of those that need them. */
function ofOldNpm(dependencies: unknown, deepest: number): [string, string][] {
  if (deepest === 0) return [];
  return Object.entries(recordOf(dependencies)).flatMap(([name, entry]) => {
    const { version, dependencies: inner } = recordOf(entry);
    const own: [string, string][] = typeof version === "string" ? [[name, version]] : [];
    return [...own, ...ofOldNpm(inner, deepest - 1)];
  });
}

function ofComposer(lock: unknown): [string, string][] {
  const lists = ["packages", "packages-dev"].map((key) => recordOf(lock)[key]);
  return lists.flatMap((list) =>
    (Array.isArray(list) ? list : []).flatMap((entry: unknown) => {
      const { name, version } = recordOf(entry);
      const isNamed = typeof name === "string" && typeof version === "string";
      return isNamed ? [[name, version] as [string, string]] : [];
    }),
  );
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
