import { nameOf } from "../path-parts.ts";
import type { VersionScheme } from "./compare-versions.ts";

/** Where a text says the version of what it describes; offsets in UTF-16 units, end exclusive. */
export interface VersionPlace {
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** How the version of a kind of file is found, and ordered. */
export interface VersionFile {
  readonly scheme: VersionScheme;
  /** Undefined where the text has none, or more than one that could be meant. */
  find(text: string): VersionPlace | undefined;
}

const TEXT = `(["'][^"'\\n]*["'])`;
const QUOTED = (before: string) => byPattern(new RegExp(`^${before}[ \\t]*${TEXT}`, "gm"));
const IN_YAML = byPattern(/^version:[ \t]*([^\s#]+)[ \t]*$/gm);
const IN_PROJECT: VersionFile = { scheme: "semver", find: inXml("Project>PropertyGroup>Version") };
const IN_GRADLE: VersionFile = { scheme: "maven", find: QUOTED("version[ \\t]*=?") };
const IN_CODE: VersionFile = {
  scheme: "semver",
  find: QUOTED(
    "[ \\t]*(?:export )?(?:const )?(?:VERSION|Version|version)(?:[ \\t]*:?[ \\t]*\\w+)?[ \\t]*=",
  ),
};

const FILES: ReadonlyMap<string, VersionFile> = new Map([
  ["package.json", { scheme: "semver", find: inJson }],
  ["composer.json", { scheme: "semver", find: inJson }],
  ["deno.json", { scheme: "semver", find: inJson }],
  ["jsr.json", { scheme: "semver", find: inJson }],
  ["lerna.json", { scheme: "semver", find: inJson }],
  ["manifest.json", { scheme: "semver", find: inJson }],
  ["Cargo.toml", { scheme: "semver", find: inSections(["package", "workspace.package"]) }],
  ["pyproject.toml", { scheme: "python", find: inSections(["project", "tool.poetry"]) }],
  ["setup.cfg", { scheme: "python", find: inSections(["metadata"]) }],
  ["setup.py", { scheme: "python", find: QUOTED("[ \\t]*version[ \\t]*=") }],
  ["pom.xml", { scheme: "maven", find: inXml("project>version") }],
  ["Directory.Build.props", IN_PROJECT],
  [
    "gradle.properties",
    {
      scheme: "maven",
      find: byPattern(/^[ \t]*(?:version|VERSION_NAME)[ \t]*=[ \t]*(\S+)[ \t]*$/gm),
    },
  ],
  ["build.gradle", IN_GRADLE],
  ["build.gradle.kts", IN_GRADLE],
  ["Chart.yaml", { scheme: "semver", find: IN_YAML }],
  ["pubspec.yaml", { scheme: "semver", find: IN_YAML }],
  ["mix.exs", { scheme: "semver", find: QUOTED("[ \\t]*(?:@version|version:)") }],
  [
    "CMakeLists.txt",
    {
      scheme: "semver",
      find: byPattern(/^[ \t]*project[ \t]*\([^()\n]{0,200}\bVERSION[ \t]+([\d.]+)/gim),
    },
  ],
  ["VERSION", { scheme: "semver", find: whole }],
  ["VERSION.txt", { scheme: "semver", find: whole }],
  ["version.txt", { scheme: "semver", find: whole }],
]);
const NAMES: readonly (readonly [RegExp, VersionFile])[] = [
  [
    /^(?:_*version_*|__about__|__init__)\.py$/,
    {
      scheme: "python",
      find: QUOTED("(?:__version__|VERSION|version)(?:[ \\t]*:[ \\t]*\\w+)?[ \\t]*="),
    },
  ],
  [/^version\.(?:go|rb|[cm]?[jt]s)$/, IN_CODE],
  [/\.gemspec$/, { scheme: "semver", find: QUOTED("[ \\t]*\\w+\\.version[ \\t]*=") }],
  [/\.(?:cs|fs|vb)proj$/, IN_PROJECT],
];

/** How the version of this file is found; undefined where its kind has none. */
export function versionFile(path: string): VersionFile | undefined {
  const name = nameOf(path);
  return FILES.get(name) ?? NAMES.find(([pattern]) => pattern.test(name))?.[1];
}

function inJson(text: string): VersionPlace | undefined {
  const found: VersionPlace[] = [];
  let depth = 0;
  for (const token of text.matchAll(/"[^"\\\n]*(?:\\.[^"\\\n]*)*"?|[{}[\]]/g)) {
    const [sign] = token;
    depth += depthOf(sign);
    if (depth !== 1 || sign !== '"version"') continue;
    const after = token.index + sign.length;
    const value = /^\s*:\s*("[^"\\\n]*")/.exec(text.slice(after, after + 400));
    if (value) found.push(unquoted(value[1] ?? "", after + value[0].length));
  }
  return only(found);
}

function depthOf(sign: string): number {
  if (sign === "{" || sign === "[") return 1;
  return sign === "}" || sign === "]" ? -1 : 0;
}

function inSections(sections: readonly string[]): VersionFile["find"] {
  return (text) => {
    const found: VersionPlace[] = [];
    let section = "";
    for (const line of text.matchAll(/^.*$/gm)) {
      section = /^\s*\[([^[\]]+)\]/.exec(line[0])?.[1]?.trim() ?? section;
      if (/^\s*\[\[/.test(line[0])) section = "";
      const value = /^version[ \t]*=[ \t]*("[^"]*"|'[^']*'|[^\s"'#]+)/.exec(line[0]);
      if (value && sections.includes(section))
        found.push(unquoted(value[1] ?? "", line.index + value[0].length));
    }
    return only(found);
  };
}

/** The project's own version, not its parent's or a dependency's: by the elements that it is in. */
function inXml(place: string): VersionFile["find"] {
  return (text) =>
    only(
      endsOf(text, place).flatMap((start) => {
        const value = /^[^<\s]+(?=<)/.exec(text.slice(start, start + 200))?.[0];
        return value === undefined ? [] : [{ value, start, end: start + value.length }];
      }),
    );
}

/** Where the opening tags end of all elements at this place. */
function endsOf(text: string, place: string): readonly number[] {
  const ends: number[] = [];
  const open: string[] = [];
  for (const { 0: all, 1: closing, 2: name, index } of text.matchAll(
    /<!--[\s\S]*?(?:-->|$)|<(\/?)([\w.:-]{1,80})(?![\w.:-])[^<>]*>/g,
  )) {
    if (name === undefined || all.endsWith("/>")) continue;
    if (closing === "/") {
      open.pop();
      continue;
    }
    open.push(name);
    if (open.join(">") === place) ends.push(index + all.length);
  }
  return ends;
}

function byPattern(pattern: RegExp): VersionFile["find"] {
  return (text) =>
    only(
      [...text.matchAll(pattern)].map((match) => {
        const written = match[1] ?? "";
        const start = match.index + match[0].lastIndexOf(written);
        return unquoted(written, start + written.length);
      }),
    );
}

function whole(text: string): VersionPlace | undefined {
  const value = text.trim();
  if (value === "" || /\s/.test(value)) return undefined;
  const start = text.indexOf(value);
  return { value, start, end: start + value.length };
}

function unquoted(written: string, end: number): VersionPlace {
  const quote = /^["']/.test(written) ? 1 : 0;
  const value = written.slice(quote, written.length - quote);
  return { value, start: end - written.length + quote, end: end - quote };
}

function only(found: readonly VersionPlace[]): VersionPlace | undefined {
  return found.length === 1 ? found[0] : undefined;
}
