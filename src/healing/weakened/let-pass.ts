import type { RunFile } from "./run-files.ts";

/** Words that let a red result pass, wherever commands are written. */
const IN_COMMANDS =
  /\|\|\s*(?:true\b|:(?=\s|$|["'])|exit 0\b|echo\b)|;\s*(?:true|exit 0)\s*(?=$|["'])|\bset \+e\b|--passWithNoTests\b|--no-verify\b|--exit-zero\b|--force-exclude-all\b|-DskipTests\b|-Dmaven\.test\.skip|-x test\b|--(?:test|path)PathIgnorePatterns\b|--testPathIgnorePatterns\b|--deselect\b|--ignore(?:-glob)?[= ]\S*test|\bpytest\b[^&|;]*\s-k\s|\bpytest\b[^&|;]*\s-m\s+\\?["']?not\b|(?:jest|vitest)\b[^&|;]*(?:\s-t\s|--testNamePattern|--exclude\b)|\bmocha\b[^&|;]*(?:\s-g\s|--grep|--fgrep)|\bgo test\b[^&|;]*\s-(?:run|skip|short)\b|\bcargo test\b[^&|;]*--\s+[^&|;]*--skip\b|--test-skip-pattern|--test-name-pattern/;
const ANY = /(?!)/;

const BY_KIND: Readonly<Record<RunFile, RegExp>> = {
  scripts: ANY,
  workflow:
    /continue-on-error:\s*(?:true|\$\{\{)|allow_failure:\s*true|^\s*-?\s*if:\s*(?:\$\{\{\s*)?false\b|^\s*-?\s*(?:run:\s*)?exit 0\s*$|continueOnError:\s*true|fail_ci_if_error:\s*false/,
  shell: /^\s*exit 0\s*$|^\t-(?=\w)|^\t@?true\s*$/,
  config:
    /passWithNoTests["']?\s*[:=]\s*true|testPathIgnorePatterns|\bexclude["']?\s*[:=]\s*\[.*(?:test|spec)|modulePathIgnorePatterns|--deselect|--ignore=|\bcollect_ignore|norecursedirs|^\s*addopts\s*=.*\s-(?:k|m)\s|["']?(?:strict\w*|no(?:Implicit|Unused|Unchecked|Fallthrough|Property)\w*|exactOptionalPropertyTypes|useUnknownInCatchVariables|checkJs|disallow_\w+|warn_\w+|check_untyped_defs)["']?\s*[:=]\s*(?:false|False)\b|ignore_errors\s*=\s*True|ignore_missing_imports\s*=\s*True|<skip(?:Tests)?>true|failOnViolation\s*=\s*false|ignoreFailures\s*=\s*true|dangerouslyIgnoreUnhandledErrors["']?\s*:\s*true|retries["']?\s*:\s*[1-9]/,
};

/** A rule that is switched off in a linter's own file, with the rule's name. */
const OFF =
  /["']?(?<rule>[@\w][\w@/-]*)["']?\s*[:=]\s*\[?\s*(?:["'](?:off|allow|none)["']|0(?=\s*[,\]}\n]|$)|off\b(?!\w)|(?<yaml>false\s*$))/;
const RULE_FILES =
  /eslint|biome|oxlint|stylelint|tslint|rubocop|ruff|clippy|golangci|Cargo\.toml|pylint/i;
const IGNORED = /^\s*["']?(?:extend[-_])?(?:ignore|disable|per-file-ignores)["']?\s*[:=]/;

/** Whether a line lets pass what was held before, by what kind of file it stands in. */
export function letsPass(line: string, kind: RunFile): boolean {
  return IN_COMMANDS.test(line) || BY_KIND[kind].test(line);
}

/** The rule that a line switches off; undefined where it does not. */
export function ruleOff(line: string, path: string): string | undefined {
  if (!RULE_FILES.test(path) && !/pyproject|setup\.cfg|tox\.ini|\.flake8/.test(path))
    return undefined;
  const groups = RULE_FILES.test(path) ? OFF.exec(line)?.groups : undefined;
  if (groups && groups.yaml === undefined) return groups.rule;
  return IGNORED.test(line) ? line.trim() : undefined;
}

const THRESHOLD =
  /["']?(?<key>lines|branches|functions|statements|fail_under|fail-under|--cov-fail-under|cov-fail-under|coverage_?threshold|--(?:lines|branches|functions|statements)|minimum|minimumCoverage|target|threshold)["']?\s*[:= ]\s*["']?(?<value>\d+(?:\.\d+)?)/gi;

/** The thresholds that a line sets. */
export function thresholdsIn(
  line: string,
): readonly { readonly key: string; readonly value: number }[] {
  return [...line.matchAll(THRESHOLD)].map(({ groups }) => ({
    key: (groups?.key ?? "").replace(/^--/, ""),
    value: Number(groups?.value),
  }));
}
