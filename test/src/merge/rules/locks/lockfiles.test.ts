import { describe, expect, it } from "vitest";
import { lockedVersions } from "../../../../../src/merge/rules/locks/locked-versions.ts";
import type { Regeneration, RuleTexts } from "../../../../../src/merge/rules/rule.ts";
import { ruleOf } from "../../../../../src/merge/rules/rule-of.ts";

const EMPTY = { base: "", ours: "", theirs: "" };

function regeneration(path: string, texts: RuleTexts = EMPTY): Regeneration {
  const rule = ruleOf(path, texts);
  if (rule?.kind !== "regenerate") throw new Error(`${path} is not made anew`);
  return rule.by;
}

it.each<[string, string, string]>([
  ["package-lock.json", "package.json", "npm install --package-lock-only --ignore-scripts"],
  ["npm-shrinkwrap.json", "package.json", "npm install --package-lock-only --ignore-scripts"],
  ["pnpm-lock.yaml", "package.json", "pnpm install --lockfile-only"],
  ["yarn.lock", "package.json", "yarn install --ignore-scripts"],
  ["bun.lock", "package.json", "bun install --lockfile-only --ignore-scripts"],
  ["poetry.lock", "pyproject.toml", "sh -c"],
  ["uv.lock", "pyproject.toml", "uv lock"],
  ["Cargo.lock", "Cargo.toml", "cargo update --workspace"],
  ["Gemfile.lock", "Gemfile", "bundle lock --conservative"],
  ["gems.locked", "gems.rb", "bundle lock --conservative"],
  ["composer.lock", "composer.json", "composer update --no-install --no-scripts --no-plugins"],
])("%s is made anew from its %s", (name, manifest, command) => {
  const by = regeneration(`apps/web/${name}`);

  expect(by.command.join(" ").startsWith(command)).toBe(true);
  expect(by).toMatchObject({
    folder: "apps/web",
    needs: [`apps/web/${manifest}`],
    touches: [`apps/web/${name}`],
    isOwnScript: false,
  });
});

it("modern Yarn is told apart by what its lockfile says", () => {
  const modern = "__metadata:\n  version: 8\n";

  const by = regeneration("yarn.lock", { ...EMPTY, ours: modern });

  expect(by.command).toEqual(["yarn", "install", "--mode=update-lockfile"]);
  expect(by.offline).toEqual(["env", "YARN_ENABLE_NETWORK=false", ...by.command]);
});

it("pnpm is brought in a release that writes the format that is there", () => {
  const old = "lockfileVersion: '6.0'\n";

  expect(regeneration("pnpm-lock.yaml", { ...EMPTY, ours: old }).tool?.at(-1)).toBe("pnpm@8");
  expect(regeneration("pnpm-lock.yaml").tool?.at(-1)).toBe("pnpm");
});

it.each([
  ["", "@yarnpkg/cli-dist@4"],
  ["__metadata:\n  version: 6\n", "@yarnpkg/cli-dist@3"],
  ["__metadata:\n  version: 8\n", "@yarnpkg/cli-dist@4.12"],
  ["__metadata:\n  version: 9\n", "@yarnpkg/cli-dist@4.14"],
])("so is Yarn, for %j", (text, tool) => {
  const ours = `__metadata:\n\n${text}`;

  expect(regeneration("yarn.lock", { ...EMPTY, ours }).tool?.at(-1)).toBe(tool);
});

it("a release that the repository names is brought before any other", () => {
  const manifest = '{"packageManager": "yarn@4.5.3+sha512.abc"}';
  const texts = { ...EMPTY, ours: "__metadata:\n  version: 8\n" };
  const toolBeside = (text: string) =>
    regeneration("a/yarn.lock", { ...texts, around: new Map([["a/package.json", text]]) }).tool;

  expect(toolBeside(manifest)?.at(-1)).toBe("@yarnpkg/cli-dist@4.5.3");
  expect(toolBeside(manifest.replace("yarn", "pnpm"))?.at(-1)).toBe("@yarnpkg/cli-dist@4.12");
  expect(toolBeside('{"packageManager": "yarn@4;id"}')?.at(-1)).toBe("@yarnpkg/cli-dist@4.12");
});

it("npm is asked for its first format where that is there", () => {
  const old = '{\n  "lockfileVersion": 1,\n  "dependencies": {}\n}\n';

  expect(regeneration("package-lock.json", { ...EMPTY, ours: old }).command.at(-1)).toBe(
    "--lockfile-version=1",
  );
});

it.each([
  "bun.lockb",
  "Pipfile.lock",
  "api/pdm.lock",
  "pylock.dev.toml",
  "gradle.lockfile",
  "gradle/dependency-locks/compile.lockfile",
  "ios/Podfile.lock",
  "mix.lock",
  "pubspec.lock",
  "flake.lock",
  "deno.lock",
  "Package.resolved",
  "packages.lock.json",
  ".terraform.lock.hcl",
  "MODULE.bazel.lock",
])("%s is never merged as text", (path) => {
  expect(ruleOf(path)).toMatchObject({ kind: "never" });
});

it.each(["lock.json", "gradlew", "Package.json", "lib/mix.lock.ex", "compile.lockfile"])(
  "%s is no lockfile",
  (path) => {
    expect(ruleOf(path)).toBeUndefined();
  },
);

it("Composer is told which packages theirs moved or took away, and nothing else that stands in the file", () => {
  const lock = (...packages: readonly [string, string][]) =>
    JSON.stringify({ packages: packages.map(([name, version]) => ({ name, version })) });
  const base = lock(["a/b", "1.0"], ["c/d", "1.0"], ["g/h", "1.0"]);
  const theirs = lock(["a/b", "1.1"], ["c/d", "1.0"], ["--evil/x;id", "1.0"], ["e/f", "2.0"]);

  const by = regeneration("composer.lock", { base, ours: base, theirs });

  expect(by.command.slice(-3)).toEqual(["a/b", "g/h", "e/f"]);
});

describe("npm starts from ours", () => {
  const lock = (packages: Record<string, unknown>) =>
    `${JSON.stringify({ name: "a", lockfileVersion: 3, packages }, null, 2)}\n`;
  const [v1, v2, v3] = ["1.0.0", "1.0.1", "1.0.2"].map((version) => ({ version }));
  const startOf = (base: string, ours: string, theirs: string) =>
    regeneration("package-lock.json").start({ path: "package-lock.json", base, ours, theirs });

  it("with what only theirs locked differently", () => {
    const base = lock({ "": {}, "node_modules/a": v1, "node_modules/b": v1, "node_modules/c": v1 });
    const ours = lock({
      "": { x: 1 },
      "node_modules/a": v2,
      "node_modules/b": v1,
      "node_modules/c": v1,
    });
    const theirs = lock({
      "": {},
      "node_modules/a": v3,
      "node_modules/b": v2,
      "node_modules/d": v1,
    });

    expect(startOf(base, ours, theirs)).toBe(
      lock({ "": { x: 1 }, "node_modules/a": v2, "node_modules/b": v2, "node_modules/d": v1 }),
    );
  });

  it.each([
    ["no JSON", "{"],
    ["an old format", `${JSON.stringify({ lockfileVersion: 1, dependencies: {} }, null, 2)}\n`],
    ["packages that are a list", `${JSON.stringify({ packages: [] }, null, 2)}\n`],
  ])("alone where theirs is %s", (_, theirs) => {
    const ours = lock({ "node_modules/a": v1 });

    expect(startOf(lock({}), ours, theirs)).toBe(ours);
  });

  it("whatever names stand in it", () => {
    const theirs = lock({}).replace(
      '"packages": {}',
      '"packages": {\n    "__proto__": {\n      "x": 1\n    }\n  }',
    );

    expect(startOf(lock({}), lock({ "": {} }), theirs)).toContain('"__proto__"');
    expect(Object.hasOwn(Object.prototype, "x")).toBe(false);
  });
});

describe("a new lockfile is refused", () => {
  const sides = (base: string, ours: string, theirs: string) => ({
    path: "Cargo.lock",
    base,
    ours,
    theirs,
  });
  const cargo = (version: string) => `[[package]]\nname = "log"\nversion = "${version}"\n`;

  it("where a package is older than a side has raised it to", () => {
    const { refusal } = regeneration("Cargo.lock");
    const given = sides(cargo("0.4.1"), cargo("0.4.1"), cargo("0.4.10"));

    expect(refusal(given, cargo("0.4.1"))).toContain("log at an older version");
    expect(refusal(given, cargo("0.4.10"))).toBeUndefined();
    expect(refusal(given, cargo("0.5.0"))).toBeUndefined();
    expect(refusal(given, '[[package]]\nname = "other"\nversion = "1.0.0"\n')).toBeUndefined();
  });

  it.each([
    ["package-lock.json", '{\n  "lockfileVersion": 2\n}\n', '{\n  "lockfileVersion": 3\n}\n'],
    ["pnpm-lock.yaml", "lockfileVersion: '6.0'\n", "lockfileVersion: '9.0'\n"],
    ["yarn.lock", "__metadata:\n  version: 6\n", "__metadata:\n  version: 8\n"],
    ["yarn.lock", "# yarn lockfile v1\n", "__metadata:\n  version: 8\n"],
    ["Cargo.lock", "version = 3\n", "version = 4\n"],
    ["uv.lock", "version = 1\nrevision = 3\n", "version = 1\nrevision = 2\n"],
    ["poetry.lock", '[metadata]\nlock-version = "2.0"\n', '[metadata]\nlock-version = "2.1"\n'],
    [
      "pnpm-lock.yaml",
      "---\nlockfileVersion: '9.0'\n---\nlockfileVersion: '9.0'\n",
      "lockfileVersion: '9.0'\n",
    ],
  ])("where %s would change its format", (path, ours, result) => {
    const given = { path, base: ours, ours, theirs: ours };

    expect(regeneration(path, given).refusal(given, result)).toContain("another format");
    expect(regeneration(path, given).refusal(given, ours)).toBeUndefined();
  });

  it("where one of a package's versions is back that a side moved", () => {
    const { refusal } = regeneration("yarn.lock");
    const yarn = (...versions: readonly string[]) =>
      versions.map((version) => `a@^${version}:\n  version "${version}"\n`).join("\n");
    const given = { path: "yarn.lock", base: yarn("3.0.0", "4.0.2"), ours: yarn("3.0.0", "4.0.2") };

    const raised = { ...given, theirs: yarn("3.0.0", "4.0.3") };
    expect(refusal(raised, yarn("3.0.0", "4.0.2"))).toContain("a at an older version");
    expect(refusal(raised, yarn("3.0.0", "4.0.3"))).toBeUndefined();
    expect(refusal(raised, yarn("3.0.0", "4.0.4"))).toBeUndefined();
    expect(refusal(raised, yarn("3.0.0", "4.0.2", "4.0.3"))).toBeUndefined();
    const lowered = { ...given, theirs: yarn("3.0.0", "4.0.1") };
    expect(refusal(lowered, yarn("3.0.0", "4.0.2"))).toContain("a at a version again");
  });

  it.each([
    [
      "package-lock.json",
      '  "resolved": "https://registry.npmjs.org/a/-/a-1.tgz"\n',
      '  "resolved": "https://npm.corp.test/a/-/a-1.tgz"\n',
    ],
    [
      "package-lock.json",
      '  "resolved": "https://npm.corp.test/@corp/a/-/a-1.tgz"\n',
      '  "resolved": "https://registry.npmjs.org/@corp/b/-/b-1.tgz"\n',
    ],
    [
      "yarn.lock",
      '  resolved "https://registry.yarnpkg.com/a/-/a-1.tgz#1"\n',
      '  resolved "https://npm.corp.test/a/-/a-1.tgz#1"\n',
    ],
    [
      "bun.lock",
      '    "a": ["a@1.0.0", "", {}, "sha"],\n',
      '    "a": ["a@1.0.0", "http://npm.corp.test/a.tgz", {}, "sha"],\n',
    ],
    [
      "uv.lock",
      'source = { registry = "https://pypi.org/simple" }\n',
      'source = { registry = "https://pypi.corp.test/simple" }\n',
    ],
    ["Gemfile.lock", "  remote: https://rubygems.org/\n", "  remote: https://gems.corp.test/\n"],
  ])("where %s takes a package from somewhere else", (path, before, after) => {
    const given = { path, base: before, ours: before, theirs: before };

    expect(regeneration(path, given).refusal(given, after)).toContain("from where no side did");
    expect(regeneration(path, given).refusal(given, before)).toBeUndefined();
    const private_ = { ...given, theirs: before + after };
    expect(regeneration(path, private_).refusal(private_, after)).toBeUndefined();
  });

  it("where it is made for a further platform", () => {
    const lock = (...platforms: readonly string[]) =>
      `PLATFORMS\n${platforms.map((one) => `  ${one}\n`).join("")}\nDEPENDENCIES\n`;
    const given = {
      path: "Gemfile.lock",
      base: lock("ruby"),
      ours: lock("ruby"),
      theirs: lock("x"),
    };
    const { refusal } = regeneration("Gemfile.lock");

    expect(refusal(given, lock("ruby", "x86_64-linux"))).toContain("for a platform");
    expect(refusal(given, lock("ruby", "x"))).toBeUndefined();
  });

  it("where it names nothing any more", () => {
    const { refusal } = regeneration("Cargo.lock");
    const given = sides(cargo("0.4.1"), cargo("0.4.1"), cargo("0.4.1"));

    expect(refusal(given, "")).toContain("names no package");
  });
});

it.each<[string, string, string]>([
  [
    "pnpm-lock.yaml",
    "packages:\n\n  '@a/b@1.2.3':\n    resolution: {}\n\n  c@2.0.0(d@1.0.0):\n",
    "@a/b 1.2.3, c 2.0.0",
  ],
  [
    "yarn.lock",
    '"@a/b@^1.0.0", "@a/b@^1.1.0":\n  version "1.2.3"\n\nc@2:\n  version "2.0.0"\n',
    "@a/b 1.2.3, c 2.0.0",
  ],
  ["yarn.lock", '"@a/b@npm:^1.0.0":\n  version: 1.2.3\n', "@a/b 1.2.3"],
  ["Gemfile.lock", "GEM\n  specs:\n    rack (3.0.1)\n      dep (>= 1)\n", "rack 3.0.1"],
  ["uv.lock", '[[package]]\nname = "a"\nversion = "1.0"\n', "a 1.0"],
  ["bun.lock", '  "packages": {\n    "a": ["@b/a@1.0.0", "", {}, "x"],\n', "@b/a 1.0.0"],
  [
    "npm-shrinkwrap.json",
    '{"dependencies": {"a": {"version": "1.0.0", "dependencies": {"b": {"version": "2.0.0"}}}}}',
    "a 1.0.0, b 2.0.0",
  ],
  [
    "package-lock.json",
    '{"packages": {"": {"version": "9"}, "x/node_modules/a": {"version": "1.0.0"}, "lib": {"version": "2"}}}',
    "a 1.0.0",
  ],
])("the versions in %s are read", (path, text, expected) => {
  const read = [...lockedVersions(path, text)].map(
    ([name, all]) => `${name} ${[...all].join(" ")}`,
  );

  expect(read.join(", ")).toBe(expected);
});

it.each([
  ["package-lock.json", '{"packages": {"node_modules/a": null, "node_modules/b": {"version": 1}}}'],
  ["package-lock.json", "[".repeat(100_000)],
  ["composer.lock", '{"packages": {"a": 1}, "packages-dev": [null, 1, {"name": 1}]}'],
  ["pnpm-lock.yaml", `  ${"a@".repeat(100_000)}`],
  ["yarn.lock", `"${"a@b, ".repeat(50_000)}`],
  ["Gemfile.lock", "    ".repeat(100_000)],
  ["Cargo.lock", "[[package]]\n".repeat(50_000)],
])("from a hostile %s nothing is read", (path, text) => {
  expect(lockedVersions(path, text).size).toBe(0);
});
