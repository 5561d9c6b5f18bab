const LOCKFILE =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?|cargo\.lock|poetry\.lock|uv\.lock|pipfile\.lock|go\.sum|gemfile\.lock|composer\.lock|flake\.lock)$/i;
const CHANGELOG =
  /(?:^|\/)(?:change(?:log|s)|history|news|release[-_ ]?notes?|00-releasenotes)(?:\b|[._-])[^/]*$|(?:^|\/)(?:changelog[_-]?unreleased|changelog|changesets?|\.changeset)\//i;
const GENERATED =
  /(?:^|\/)(?:dist|build|generated|third_party|vendor|node_modules|deps|__snapshots__)\/|\.min\.(?:js|css)$|\.snap$|\.map$/i;
const CODE =
  /\.(?:[mc]?[tj]s|[tj]sx|vue|pyi?|java|kt|rs|go|[ch]|cc|[ch]pp|cs|rb|php|tcl|lua|sh|s?css|less)$/i;

/** What a file is, by its path alone. */
export function kindOfFile(path: string): "lockfile" | "code" | "other" {
  if (LOCKFILE.test(path)) return "lockfile";
  if (CHANGELOG.test(path) || GENERATED.test(path)) return "other";
  return CODE.test(path) ? "code" : "other";
}
