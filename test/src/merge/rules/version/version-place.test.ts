import { expect, it } from "vitest";
import { versionFile } from "../../../../../src/merge/rules/version/version-place.ts";

it.each<[string, string, string]>([
  [
    "package.json",
    '{"a": {"version": "9"}, "version" : "1.2.3", "b": [{"version": "8"}]}',
    "1.2.3",
  ],
  [
    "web/package.json",
    '{\n  "description": "\\"version\\": \\"9\\"",\n  "version": "1.0.0"\n}',
    "1.0.0",
  ],
  ["Cargo.toml", '[package]\nversion = "0.1.0"\n\n[dependencies.a]\nversion = "3"\n', "0.1.0"],
  ["Cargo.toml", '[workspace.package]\nversion = "0.2.0"\n\n[[bin]]\nversion = "3"\n', "0.2.0"],
  ["pyproject.toml", "[build-system]\nversion = '9'\n[project]\nversion = '1.0' # now\n", "1.0"],
  ["setup.cfg", "[bumpversion]\nversion = 9\n[metadata]\nversion = 1.0\n", "1.0"],
  ["a/__init__.py", "import x\n__version__: str = '1.0.dev0'\n", "1.0.dev0"],
  ["a/version.py", 'VERSION = "1.0"\n', "1.0"],
  [
    "pom.xml",
    "<project><!-- <version>9</version> --><parent><version>8</version></parent><version>1</version></project>",
    "1",
  ],
  ["gradle.properties", "org.gradle.version=9\nversion = 1.0\n", "1.0"],
  ["VERSION", "\n1.0.0\n", "1.0.0"],
  ["setup.py", 'setup(\n    name="a",\n    version="1.0",\n    python_requires=">=3",\n)\n', "1.0"],
  ["charts/a/Chart.yaml", 'version: 1.2.3\nappVersion: "9"\ndeps:\n  - version: 8\n', "1.2.3"],
  ["mix.exs", '  def project do\n    [\n      version: "1.0.0",\n      {:b, "~> 2.0"}\n', "1.0.0"],
  ["lib/a/version.rb", 'module A\n  VERSION = "1.0.0"\nend\n', "1.0.0"],
  ["a.gemspec", 'spec.version = "1.0.0"\nspec.add_dependency "b", "2.0"\n', "1.0.0"],
  ["version.go", 'const Version string = "1.0.0"\n', "1.0.0"],
  ["src/version.ts", "export const VERSION = '1.0.0';\n", "1.0.0"],
  ["build.gradle", "plugins {\n  version '9'\n}\nversion = '1.0-SNAPSHOT'\n", "1.0-SNAPSHOT"],
  [
    "CMakeLists.txt",
    "cmake_minimum_required(VERSION 3.9)\nproject(a VERSION 1.2.3 LANGUAGES C)\n",
    "1.2.3",
  ],
  [
    "a.csproj",
    "<Project><PropertyGroup><Version>1.0.0</Version></PropertyGroup><ItemGroup><PackageReference><Version>9</Version></PackageReference></ItemGroup></Project>",
    "1.0.0",
  ],
])("%s says its own version", (path, text, version) => {
  const place = versionFile(path)?.find(text);

  expect(place?.value).toBe(version);
  expect(text.slice(place?.start, place?.end)).toBe(version);
});

it.each<[string, string, string]>([
  ["two versions", "package.json", '{"version": "1.0.0", "version": "2.0.0"}'],
  ["a version that is an object", "package.json", '{"version": {"version": "1.0.0"}}'],
  ["no JSON", "package.json", '}}}}{{"version'],
  ["an inherited version", "Cargo.toml", "[package]\nversion.workspace = true\n"],
  ["two versions by two names", "a/version.py", 'VERSION = "1"\n__version__ = "2"\n'],
  ["more than a version", "VERSION", "1.0.0 and more\n"],
  ["nothing", "VERSION", " \n"],
  ["a version that is computed", "setup.py", "setup(version=find_version())\n"],
  [
    "a dependency's version",
    "a.csproj",
    "<Project><ItemGroup><PackageReference><Version>9</Version></PackageReference></ItemGroup></Project>",
  ],
  ["the version of another element", "pom.xml", "<a><project><version>1</version></project></a>"],
  ["tags without an end", "pom.xml", "<".repeat(100_000)],
  ["a name without an end", "pom.xml", `<${"a".repeat(1_000_000)}`],
  ["quotes without an end", "package.json", '"\\'.repeat(200_000)],
])("with %s there is none", (_, path, text) => {
  expect(versionFile(path)?.find(text)).toBeUndefined();
});

it("other files have no version", () => {
  expect(versionFile("src/conversion.ts")).toBeUndefined();
  expect(versionFile("a/conversion.py")).toBeUndefined();
});
