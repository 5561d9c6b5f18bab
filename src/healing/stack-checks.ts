import type { Check } from "../core/plan.ts";

/** Files at the root of a repository whose text tells which checks its tools offer. */
export const STACK_FILES: readonly string[] = [
  "pyproject.toml",
  "setup.cfg",
  "tox.ini",
  "Gemfile",
  "Gemfile.lock",
  "Rakefile",
  "composer.json",
  "CMakeLists.txt",
  "Makefile",
  "GNUmakefile",
  "makefile",
];

/** Nobody writes a longer one by hand. */
const LONGEST_TEXT = 1024 * 1024;

/** What is known of a repository's files. */
export interface RepositoryShape {
  readonly paths: readonly string[];
  /** Text of those of `STACK_FILES` that are there. */
  readonly texts: ReadonlyMap<string, string>;
}

interface Evidence {
  has(path: string): boolean;
  /** True where something lies in a folder. */
  hasFolder(path: string): boolean;
  /** True where a file's text says so. */
  says(path: string, pattern: RegExp): boolean;
}

type Checks = (evidence: Evidence) => readonly Check[];

const pytest: Checks = ({ has, says }) =>
  has("pytest.ini") ||
  has("conftest.py") ||
  has("tests/conftest.py") ||
  says("pyproject.toml", /^\[tool\.pytest(?:\.ini_options)?\]/m) ||
  says("setup.cfg", /^\[tool:pytest\]/m) ||
  says("tox.ini", /^\[pytest\]/m)
    ? [{ name: "pytest", command: "python3 -m pytest" }]
    : [];

const go: Checks = ({ has }) =>
  has("go.mod")
    ? [
        { name: "go vet", command: "go vet ./..." },
        { name: "go test", command: "go test ./..." },
      ]
    : [];

const cargo: Checks = ({ has }) =>
  has("Cargo.toml") ? [{ name: "cargo test", command: "cargo test" }] : [];

const maven: Checks = ({ has }) =>
  has("pom.xml") ? [{ name: "maven test", command: "mvn -o -q test" }] : [];

// The wrapper looks for its program in the home folder, which is empty; the set-up puts it on the path.
const gradle: Checks = ({ has }) =>
  has("build.gradle") || has("build.gradle.kts")
    ? [{ name: "gradle test", command: "gradle --no-daemon --offline test" }]
    : [];

const ruby: Checks = ({ has, hasFolder, says }) => {
  if (!has("Gemfile")) return [];
  const named = /\brspec(?:-core|-rails)?\b/;
  if (hasFolder("spec") && (says("Gemfile.lock", named) || says("Gemfile", named)))
    return [{ name: "rspec", command: "bundle exec rspec" }];
  return says("Rakefile", /TestTask|^[ \t]*task[ \t]+:?["']?test\b/m)
    ? [{ name: "rake test", command: "bundle exec rake test" }]
    : [];
};

const phpunit: Checks = ({ has }) =>
  has("composer.json") && (has("phpunit.xml") || has("phpunit.xml.dist"))
    ? [{ name: "phpunit", command: "vendor/bin/phpunit" }]
    : [];

const BUILD = "/tmp/nexus-build";

const ctest: Checks = ({ says }) =>
  says("CMakeLists.txt", /^[ \t]*(?:enable_testing[ \t]*\(|include\s*\(\s*CTest\b)/im)
    ? [
        {
          name: "ctest",
          command: `cmake -S . -B ${BUILD} && cmake --build ${BUILD} && ctest --test-dir ${BUILD} --output-on-failure`,
        },
      ]
    : [];

// make takes the first of these that is there.
const MAKEFILES = ["GNUmakefile", "makefile", "Makefile"];

const make: Checks = ({ has, says }) => {
  const file = MAKEFILES.find(has);
  if (file === undefined) return [];
  const target = ["test", "check"].find((name) =>
    says(file, new RegExp(`^${name}[ \\t]*:(?![:=])`, "m")),
  );
  return target === undefined ? [] : [{ name: `make ${target}`, command: `make ${target}` }];
};

const STACKS: readonly Checks[] = [pytest, go, cargo, maven, gradle, ruby, phpunit, ctest];

/**
 * The checks that a repository's tools offer, only where its files clearly say so. A Makefile usually calls
 * the other tools, so it is asked only where none of them offers any.
 */
export function stackChecks({ paths, texts }: RepositoryShape): Check[] {
  const known = new Set(paths);
  const folders = new Set(paths.flatMap((path) => path.split("/").slice(0, -1)[0] ?? []));
  const evidence: Evidence = {
    has: (path) => known.has(path),
    hasFolder: (path) => folders.has(path),
    says(path, pattern) {
      const text = texts.get(path) ?? "";
      return text.length <= LONGEST_TEXT && pattern.test(text);
    },
  };
  const found = STACKS.flatMap((checks) => checks(evidence));
  return [...(found.length > 0 ? found : make(evidence))];
}
