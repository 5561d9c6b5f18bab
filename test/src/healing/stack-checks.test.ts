import { describe, expect, it } from "vitest";
import { stackChecks } from "../../../src/healing/stack-checks.ts";

type Texts = Readonly<Record<string, string>>;

function commandsOf(texts: Texts, more: readonly string[] = []): string[] {
  const paths = [...Object.keys(texts), ...more];
  return stackChecks({ paths, texts: new Map(Object.entries(texts)) }).map(
    ({ command }) => command,
  );
}

describe("checks of a repository's tools", () => {
  it.each<readonly [string, Texts, readonly string[], readonly string[]]>([
    ["pytest by its own file", { "pytest.ini": "" }, [], ["python3 -m pytest"]],
    [
      "pytest by pyproject",
      { "pyproject.toml": "[tool.pytest.ini_options]\n" },
      [],
      ["python3 -m pytest"],
    ],
    ["pytest by setup.cfg", { "setup.cfg": "[tool:pytest]\n" }, [], ["python3 -m pytest"]],
    ["pytest by its fixtures", {}, ["tests/conftest.py"], ["python3 -m pytest"]],
    ["Go", { "go.mod": "module x\n" }, [], ["go vet ./...", "go test ./..."]],
    ["Rust", { "Cargo.toml": "" }, [], ["cargo test"]],
    ["Maven", { "pom.xml": "" }, [], ["mvn -o -q test"]],
    ["Gradle", { "build.gradle.kts": "" }, [], ["gradle --no-daemon --offline test"]],
    ["RSpec", { Gemfile: "gem 'rspec'\n" }, ["spec/a_spec.rb"], ["bundle exec rspec"]],
    ["Rake", { Gemfile: "", Rakefile: "Rake::TestTask.new\n" }, [], ["bundle exec rake test"]],
    ["PHPUnit", { "composer.json": "{}" }, ["phpunit.xml.dist"], ["vendor/bin/phpunit"]],
    [
      "CTest",
      { "CMakeLists.txt": "project(x)\nenable_testing()\n" },
      [],
      [
        "cmake -S . -B /tmp/nexus-build && cmake --build /tmp/nexus-build && ctest --test-dir /tmp/nexus-build --output-on-failure",
      ],
    ],
    ["make test", { Makefile: "all: x\ntest: all\n\ttrue\ncheck:\n" }, [], ["make test"]],
    ["make check", { GNUmakefile: "check :\n\ttrue\n", Makefile: "test:\n" }, [], ["make check"]],
    [
      "several",
      { "go.mod": "", "Cargo.toml": "" },
      [],
      ["go vet ./...", "go test ./...", "cargo test"],
    ],
    [
      "one instead of the Makefile that calls it",
      { "Cargo.toml": "", Makefile: "test:\n" },
      [],
      ["cargo test"],
    ],
  ])("are found for %s", (_name, ...[texts, more, commands]) => {
    expect(commandsOf(texts, more)).toEqual(commands);
  });

  it.each<readonly [string, Texts, readonly string[]]>([
    [
      "Python without a sign of pytest",
      { "pyproject.toml": "[project]\n", "setup.cfg": "" },
      ["a.py"],
    ],
    ["manifests that lie deeper", {}, ["sub/go.mod", "sub/Cargo.toml", "sub/pom.xml"]],
    ["specs without RSpec", { Gemfile: "" }, ["spec/a"]],
    ["RSpec without specs", { Gemfile: "gem 'rspec'" }, ["README.md"]],
    ["PHPUnit's settings without a package", {}, ["phpunit.xml"]],
    ["CMake without tests", { "CMakeLists.txt": "# enable_testing is not called\n" }, []],
    ["a variable that is called test", { Makefile: "test := 1\ntest:=2\ntested: x\n" }, []],
    ["a test in a recipe", { Makefile: "all:\n\ttest: x\n" }, []],
    ["nothing", {}, []],
  ])("are not guessed from %s", (_name, texts, more) => {
    expect(commandsOf(texts, more)).toEqual([]);
  });

  it.each<readonly [string, Texts]>([
    ["a Rakefile", { Gemfile: "", Rakefile: `${"\n".repeat(400_000)}x` }],
    ["a CMakeLists.txt", { "CMakeLists.txt": `${"\n".repeat(400_000)}x` }],
    [
      "a file longer than anybody writes",
      { "CMakeLists.txt": `${" ".repeat(1_100_000)}\nenable_testing()` },
    ],
  ])("are looked for in a moment, whatever fills %s", (_name, texts) => {
    expect(commandsOf(texts)).toEqual([]);
  });
});
