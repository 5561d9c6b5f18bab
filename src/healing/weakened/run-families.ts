/** What a command is for. Exchanging one program of a family for another takes nothing away. */
const FAMILIES: readonly (readonly [name: string, words: RegExp])[] = [
  [
    "tests",
    /\b(?:vitest|jest|mocha|ava|tap|tape|karma|pytest|py\.test|unittest|tox|nox|rspec|phpunit|ctest|nextest|playwright|cypress|nyc|c8)\b|\bnode\b[^&|;]*--test\b|\b(?:npm|pnpm|yarn|bun|go|cargo|make|just|mvn|mvnw|gradle|gradlew|rake|deno|dotnet|swift|mix)\b[^&|;]*\b(?:test|t|check|verify|ci)(?::[\w:-]+)?(?=\s|$|["'])/,
  ],
  [
    "lint",
    /\b(?:eslint|biome|oxlint|tslint|standard|xo|ruff|flake8|pylint|golangci-lint|clippy|rubocop|stylelint|shellcheck|vet)\b|\brun (?:lint|check)\b|\bmake lint\b/,
  ],
  [
    "types",
    /\b(?:tsc|vue-tsc|tsgo|flow|mypy|pyright)\b|\brun (?:typecheck|type-check|types|tsc|check-types)\b/,
  ],
  [
    "format",
    /\b(?:prettier|dprint|gofmt|rustfmt|black|biome)\b|\bcargo fmt\b|\brun format(?::check)?\b|\bruff format\b/,
  ],
  ["build", /\brun build\b|\bcargo build\b|\bgo build\b|\bmake build\b/],
];

/** The families of checks that a command runs. */
export function familiesIn(command: string): readonly string[] {
  return FAMILIES.flatMap(([name, words]) => (words.test(command) ? [name] : []));
}
