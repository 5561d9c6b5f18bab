const DEEPEST = 8;

/** Folders with how many files are below each, as deep as leaves at most so many lines; single files stand for themselves. */
export function folderLines(paths: readonly string[], most: number): readonly string[] {
  for (let depth = DEEPEST; depth > 1; depth -= 1) {
    const lines = linesAt(paths, depth);
    if (lines.length <= most) return lines;
  }
  const lines = linesAt(paths, 1);
  const rest = lines.length - most;
  return rest > 0 ? [...lines.slice(0, most), `[${rest} more left out.]`] : lines;
}

function linesAt(paths: readonly string[], depth: number): readonly string[] {
  const counts = new Map<string, number>();
  for (const path of paths) {
    const parts = path.split("/");
    const folder = parts.slice(0, Math.min(depth, parts.length - 1)).join("/");
    // Files at the root are few, and often say what the repository is.
    const key = folder === "" ? path : `${folder}/`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, count]) =>
    key.endsWith("/") ? `${key} (${count === 1 ? "1 file" : `${count} files`})` : key,
  );
}
