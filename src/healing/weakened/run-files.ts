import { nameAt } from "./name-at.ts";

/** What a file decides about what is run. */
export type RunFile = "scripts" | "workflow" | "shell" | "config";

const WORKFLOW =
  /(?:^|\/)(?:\.github\/(?:workflows\/[^/]+\.ya?ml|nexus\.yml)|\.gitlab-ci\.yml|azure-pipelines\.yml|bitbucket-pipelines\.yml|\.circleci\/config\.yml|\.travis\.yml|\.drone\.yml|action\.ya?ml)$/;
const SHELL =
  /(?:^|\/)(?:Makefile|GNUmakefile|justfile|Justfile|Rakefile|noxfile\.py|Taskfile\.ya?ml|Jenkinsfile|gradlew)$|(?:^|\/)[\w.-]*(?:test|check|ci|lint|verify)[\w.-]*\.(?:sh|bash)$|(?:^|\/)(?:\.husky|scripts|ci|\.ci)\/[\w./-]+\.?(?:sh|bash)?$/;
const CONFIG =
  /^(?:(?:vitest|vite|jest|playwright|cypress|karma\.conf|ava|eslint|wdio|prettier|knip)\.?(?:config|workspace|conf|setup)?\.\w+|\.(?:mocharc|eslintrc|nycrc|c8rc|taprc|oxlintrc|rubocop|pylintrc|flake8|coveragerc|golangci|rspec|swiftlint|eslintignore|prettierrc)(?:\.\w+)?|pytest\.ini|tox\.ini|setup\.cfg|pyproject\.toml|ruff\.toml|\.ruff\.toml|mypy\.ini|pyrightconfig\.json|tsconfig[\w.-]*\.json|biome\.jsonc?|deno\.jsonc?|Cargo\.toml|clippy\.toml|phpunit\.xml(?:\.dist)?|phpstan\.neon(?:\.dist)?|codecov\.yml|\.codecov\.yml|pom\.xml|build\.gradle(?:\.kts)?|\.jest\w*|jest\.\w+)$/;

/** What kind of run file a path is; undefined for all others. */
export function runFileOf(path: string): RunFile | undefined {
  const name = nameAt(path);
  if (name === "package.json") return "scripts";
  if (WORKFLOW.test(path)) return "workflow";
  if (CONFIG.test(name)) return "config";
  return SHELL.test(path) ? "shell" : undefined;
}
