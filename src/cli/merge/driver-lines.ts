/** Files that Nexus merges by their structure or by a rule of their own. */
const PATTERNS = [
  "*.ts",
  "*.mts",
  "*.cts",
  "*.tsx",
  "*.js",
  "*.mjs",
  "*.cjs",
  "*.jsx",
  "*.json",
  "*.jsonc",
  "*.json5",
  "*.ipynb",
  "*.yaml",
  "*.yml",
  "*.toml",
  "*.py",
  "*.pyi",
  "*.go",
  "*.rs",
  "*.java",
  "*.css",
  "*.html",
  "*.htm",
  "*.md",
  "*.markdown",
  "*.lock",
] as const;

const BEGIN = "# Nexus: begin (nexus merge --uninstall takes these lines away)";
const END = "# Nexus: end";
const OURS = /^# Nexus: begin[^\n]*\n[\s\S]*?^# Nexus: end(?:\n|$)/gm;

/** How git starts the driver; `program` is a path, which git's shell reads. */
export function driverCommand(program: string): string {
  const quoted = `'${program.replaceAll("'", "'\\''")}'`;
  const labels = "--label-base=%S --label-ours=%X --label-theirs=%Y";
  return `${quoted} merge --driver --marker-size=%L ${labels} -- %O %A %B %P`;
}

/** A file of attributes with Nexus' lines, once, at its end. */
export function withDriver(text: string): string {
  const rest = withoutDriver(text);
  const closed = rest === "" || rest.endsWith("\n") ? rest : `${rest}\n`;
  const lines = [BEGIN, ...PATTERNS.map((pattern) => `${pattern} merge=nexus`), END];
  return `${closed}${lines.join("\n")}\n`;
}

/** The same file without them. */
export function withoutDriver(text: string): string {
  return text.replace(OURS, "");
}

/** Lines of a repository's own attributes that say how something is merged. */
export function ownMergeLines(text: string): readonly string[] {
  return text
    .split("\n")
    .filter((line) => !/^\s*#/.test(line) && /\s-?(?:merge\b|binary\b)/.test(line));
}
