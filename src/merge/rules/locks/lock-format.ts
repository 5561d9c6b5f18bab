const FORMAT =
  /^(?: {0,2}"?lockfileVersion"?: *['"]?([\d.]+)|__metadata:\r?\n {2}version: *(\d+)|version = (\d+)\r?$|revision = (\d+)\r?$|lock-version = "([\d.]+)")/gm;

/** The versions of a lockfile's own format, for each of its documents; empty where it says none. */
export function formatsOf(text: string): readonly string[] {
  return [...text.matchAll(FORMAT)].map((found) => found.slice(1).find(Boolean) ?? "");
}

/** The platforms that a lockfile of Bundler is made for. */
export function platformsOf(text: string): readonly string[] {
  const block = /^PLATFORMS\r?\n((?: {2}\S+\r?\n)*)/m.exec(text)?.[1] ?? "";
  return block.split(/\s+/).filter((platform) => platform !== "");
}
