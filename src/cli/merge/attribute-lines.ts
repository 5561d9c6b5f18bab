/** Files that Nexus merges by their structure or by a rule of their own; all lockfiles, whose lines nobody joins. */
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
  "go.sum",
  "go.work.sum",
  "*.rs",
  "*.java",
  "*.css",
  "*.html",
  "*.htm",
  "*.md",
  "*.markdown",
  "*.lock",
  "*.lockfile",
  "gems.locked",
  "Package.resolved",
  "Cartfile.resolved",
  ".terraform.lock.hcl",
  "cabal.project.freeze",
  "CHANGELOG",
  "CHANGELOG.*",
  "CHANGES",
  "CHANGES.*",
] as const;

const BEGIN = "# Nexus: begin (nexus merge --uninstall takes these lines away)";
const KEPT = "# What the repository's own .gitattributes said when this was written:";
const END = "# Nexus: end";
const OURS = /^# Nexus: begin[^\n]*\n[\s\S]*?^# Nexus: end(?:\n|$)/gm;

/** A file of attributes with Nexus' lines, once. They come first: of two lines for a file, git follows the last. */
export function withDriver(text: string, kept: readonly string[]): string {
  const own = kept.length === 0 ? [] : [KEPT, ...kept];
  const lines = [BEGIN, ...PATTERNS.map((pattern) => `${pattern} merge=nexus`), ...own, END];
  return `${lines.join("\n")}\n${withoutDriver(text)}`;
}

/** The same file without them. */
export function withoutDriver(text: string): string {
  return text.replace(OURS, "");
}
