/** Files that may say that folders below are parts of one workspace. */
export const WORKSPACE_FILES = [
  "package.json",
  "pnpm-workspace.yaml",
  "Cargo.toml",
  "pyproject.toml",
] as const;

/**
 * True where such a file has the folder below it as a part of its workspace. By the first name of the folder
 * alone where parts are named, and for all folders where they need not be: a workspace too many is only a question.
 */
export function hasMember(
  name: (typeof WORKSPACE_FILES)[number],
  text: string,
  below: string,
): boolean {
  switch (name) {
    case "Cargo.toml":
      return /^[ \t]*\[workspace\b/m.test(text);
    case "pyproject.toml":
      return /^[ \t]*\[tool\.uv\.workspace\]/m.test(text);
    case "package.json":
      return startsLike(below, workspacesOf(text));
    case "pnpm-workspace.yaml":
      return startsLike(below, [...text.matchAll(/^\s*-\s+["']?([^"'\s#]+)/gm)].map(patternOf));
    default:
      return name satisfies never;
  }
}

function workspacesOf(packageJson: string): readonly string[] {
  const list = /"workspaces"\s*:\s*(?:\{[^{}[\]]*"packages"\s*:\s*)?\[([^[\]]*)\]/.exec(
    packageJson,
  );
  return [...(list?.[1] ?? "").matchAll(/"([^"]+)"/g)].map(patternOf);
}

function patternOf([, pattern = ""]: RegExpExecArray): string {
  return pattern.replace(/^\.?\//, "");
}

function startsLike(below: string, patterns: readonly string[]): boolean {
  const [first = ""] = below.split("/");
  return patterns.some((pattern) => {
    const [start = ""] = pattern.split("/");
    return start === first || /[*?{[]/.test(start);
  });
}
