import { describe, expect, it } from "vitest";
import { type Files, plansOf } from "./tree-of.ts";

const MANIFEST = '{"name":"x","workspaces":["packages/*"]}';
const WORKSPACES = {
  "packages/a/package.json": "{}",
  "packages/a/index.js": "1",
  "packages/b/x": "",
};
const LOCK = JSON.stringify({ lockfileVersion: 3, packages: { "": {}, "packages/a": {} } });

describe("the stack of a repository", () => {
  it.each<readonly [string, Files, readonly string[], string]>([
    [
      "npm",
      { "package.json": MANIFEST, "package-lock.json": LOCK, ...WORKSPACES },
      ["package.json", "package-lock.json", "packages/a/package.json"],
      "npm ci --ignore-scripts",
    ],
    [
      "npm",
      { "package.json": "{}", "npm-shrinkwrap.json": LOCK, "index.js": "" },
      ["package.json", "npm-shrinkwrap.json"],
      "npm ci --ignore-scripts",
    ],
    [
      "pnpm",
      {
        "package.json": '{"packageManager":"pnpm@9.1.2+sha256.aa"}',
        "pnpm-lock.yaml":
          "lockfileVersion: '9.0'\nimporters:\n\n  .: {}\n\n  packages/a:\n    dependencies:\n\npackages: {}\n",
        "pnpm-workspace.yaml": "packages: [packages/*]\n",
        ".npmrc": "registry=https://evil.example\nnode-linker=hoisted\n//x/:_authToken=1\n",
        ...WORKSPACES,
      },
      [
        "package.json",
        "pnpm-lock.yaml",
        "pnpm-workspace.yaml",
        "packages/a/package.json",
        ".npmrc",
      ],
      "pnpm@9.1.2 && pnpm install --frozen-lockfile --ignore-scripts",
    ],
    [
      "pnpm",
      { "package.json": "{}", "pnpm-lock.yaml": "lockfileVersion: '6.0'\n" },
      ["package.json", "pnpm-lock.yaml"],
      "pnpm@8 && ",
    ],
    [
      "yarn",
      { "package.json": MANIFEST, "yarn.lock": "# yarn lockfile v1\n", ...WORKSPACES },
      ["package.json", "yarn.lock", "packages/a/package.json"],
      "yarn@1 && yarn install --frozen-lockfile --ignore-scripts",
    ],
    [
      "yarn",
      {
        "package.json": '{"packageManager":"yarn@4.5.0"}',
        "yarn.lock": "__metadata:\n  version: 8\n",
        ".yarnrc.yml":
          "yarnPath: evil.cjs\nnodeLinker: node-modules\nnpmRegistryServer: 'https://evil.example'\n",
        "evil.cjs": "",
      },
      ["package.json", "yarn.lock", ".yarnrc.yml"],
      "@yarnpkg/cli-dist@4.5.0 && yarn install --immutable --mode=skip-build",
    ],
    [
      "bun",
      { "package.json": "{}", "bun.lock": "{}" },
      ["package.json", "bun.lock"],
      "bun@1 && bun install --frozen-lockfile --ignore-scripts",
    ],
    [
      "uv",
      { "pyproject.toml": "", "uv.lock": "", "src/a.py": "" },
      ["pyproject.toml", "uv.lock"],
      "uv sync --frozen --no-install-project",
    ],
    [
      "poetry",
      { "pyproject.toml": "", "poetry.lock": "" },
      ["pyproject.toml", "poetry.lock"],
      "poetry install --no-root",
    ],
    [
      "pip",
      { "requirements.txt": "a==1\n-r more/b.txt\n", "more/b.txt": "b==2", "setup.py": "evil" },
      ["requirements.txt", "more/b.txt"],
      "install --prefer-binary -r requirements.txt",
    ],
    [
      "pip",
      { "pyproject.toml": '[project]\ndependencies = ["a"]\n' },
      ["pyproject.toml"],
      "import tomllib",
    ],
    [
      "go",
      { "go.mod": "module x\n\nrequire (\n\ta.org/b v1.0.0\n)\n", "go.sum": "", "main.go": "" },
      ["go.mod", "go.sum"],
      "go mod download",
    ],
    [
      "go",
      {
        "go.work": "go 1.22\nuse (\n\t./a\n\t./b\n)\n",
        "a/go.mod": "require x.org/y v1",
        "b/go.mod": "module b",
      },
      ["a/go.mod", "b/go.mod", "go.work"],
      "cd 'a' && go mod download",
    ],
    [
      "rust",
      {
        "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\n',
        "Cargo.lock": 'source = "registry+x"\n',
        "crates/a/Cargo.toml": "",
        "crates/a/src/lib.rs": "x",
      },
      ["Cargo.lock", "Cargo.toml", "crates/a/Cargo.toml"],
      "cargo fetch --locked",
    ],
    [
      "maven",
      {
        "pom.xml": "<modules><module>a</module><module>../../etc</module></modules>",
        "a/pom.xml": "",
        "a/src/A.java": "",
      },
      ["pom.xml", "a/pom.xml"],
      "mvn --batch-mode --quiet dependency:go-offline",
    ],
    [
      "gradle",
      {
        "build.gradle": "",
        "settings.gradle": "include ':a:b', 'c'\n",
        "a/b/build.gradle": "",
        gradlew: "",
      },
      ["build.gradle", "settings.gradle", "gradlew", "a/b/build.gradle"],
      "sh ./gradlew --no-daemon",
    ],
    [
      "bundler",
      {
        Gemfile: "gemspec",
        "Gemfile.lock": "GEM\n  remote: https://rubygems.org/\n",
        "x.gemspec": "",
        "lib/x/version.rb": "",
        "lib/x/y.rb": "",
      },
      ["Gemfile", "Gemfile.lock", "x.gemspec", "lib/x/version.rb"],
      "bundle cache --no-install",
    ],
    [
      "composer",
      { "composer.json": "{}", "composer.lock": "{}", "src/A.php": "" },
      ["composer.json", "composer.lock"],
      "composer install --no-interaction --no-plugins --no-scripts",
    ],
  ])(
    "is %s, whose set-up sees its manifests and nothing else",
    (stack, ...[files, seen, fetch]) => {
      const [plan, ...more] = plansOf(files);

      expect(more).toEqual([]);
      expect(plan?.stack).toBe(stack);
      expect([...(plan?.files.keys() ?? [])]).toEqual(seen);
      expect(plan?.fetch.join(" && ").replace(/ --no-audit[^&]*(?= \S+@)/g, "")).toContain(fetch);
    },
  );

  it("may be several at once", () => {
    const files = {
      "package.json": "{}",
      "package-lock.json": LOCK,
      "requirements.txt": "a\n",
      "go.mod": "require a.org/b v1.0.0\n",
    };

    expect(plansOf(files).map(({ stack }) => stack)).toEqual(["npm", "pip", "go"]);
  });

  it("is that of the package manager which package.json names, where there are several lockfiles", () => {
    const locks = { "package-lock.json": LOCK, "yarn.lock": "", "pnpm-lock.yaml": "" };

    const named = plansOf({ "package.json": '{"packageManager":"pnpm@10.0.0"}', ...locks });
    const other = plansOf({ "package.json": '{"packageManager":"bun@1.0.0"}', ...locks });

    expect(named.map(({ stack }) => stack)).toEqual(["pnpm"]);
    expect(other.map(({ stack }) => stack)).toEqual(["npm"]);
  });

  it.each<readonly [string, Files]>([
    ["a Makefile", { Makefile: "test:\n" }],
    ["CMake", { "CMakeLists.txt": "" }],
    ["a package without a lockfile", { "package.json": "{}" }],
    [
      "packages that are committed",
      { "package.json": "{}", "package-lock.json": LOCK, "node_modules/a/x": "" },
    ],
    ["a Go module without requirements", { "go.mod": "module x\n\ngo 1.22\n" }],
    [
      "Go modules that are committed",
      { "go.mod": "require a.org/b v1.0.0\n", "vendor/modules.txt": "" },
    ],
    [
      "a crate of crates of its own",
      { "Cargo.toml": "", "Cargo.lock": "[[package]]\nname = 'x'\n" },
    ],
    ["gems of its own", { Gemfile: "", "Gemfile.lock": "PATH\n  remote: .\n" }],
    [
      "PHP packages that are committed",
      { "composer.json": "{}", "composer.lock": "{}", "vendor/x": "" },
    ],
    [
      "empty requirements",
      { "requirements.txt": "# none\n-e .\n--index-url https://evil.example\n" },
    ],
    ["a pyproject for tools alone", { "pyproject.toml": "[tool.black]\n" }],
    ["nothing", {}],
  ])("has nothing to install with %s", (_what, files) => {
    expect(plansOf(files)).toEqual([]);
  });

  it("never follows what a manifest says of other places", () => {
    const [pip] = plansOf({
      "requirements.txt":
        "a\n-r ../../etc/passwd\n-e .\n--index-url https://evil.example\n./local\nb @ file:///etc\n",
    });
    const [yarn] = plansOf({
      "package.json": '{"workspaces":["../*","/etc","a/../../b"]}',
      "yarn.lock": "__metadata:\n",
      ".yarnrc.yml": "plugins:\n  - evil.cjs\nnodeLinker: pnp\n",
    });

    const [rust] = plansOf({
      "Cargo.toml": '[workspace]\nmembers = ["../x", "a/../../y", "/etc", "b/./", "."]\n',
      "Cargo.lock": 'source = "registry+x"\n',
      "../x/Cargo.toml": "",
      "../y/Cargo.toml": "",
      "/etc/Cargo.toml": "",
      "b/Cargo.toml": "",
    });

    expect([...(rust?.files.keys() ?? [])]).toEqual(["Cargo.lock", "Cargo.toml", "b/Cargo.toml"]);
    expect(rust?.stubs).toEqual(["src/lib.rs", "src/main.rs", "b/src/lib.rs", "b/src/main.rs"]);
    expect(pip?.files.get("requirements.txt")?.toString()).toBe("a\n-r ../../etc/passwd\n");
    expect([...(pip?.files.keys() ?? [])]).toEqual(["requirements.txt"]);
    expect([...(yarn?.files.keys() ?? [])]).toEqual(["package.json", "yarn.lock", ".yarnrc.yml"]);
    expect(yarn?.files.get(".yarnrc.yml")?.toString()).toBe("nodeLinker: pnp\n");
  });

  it("is installed from the operator's registry, whichever package manager locks it", () => {
    const npmRegistry = "http://packages.example:8080/npm/";
    const locks = { "package-lock.json": LOCK, "pnpm-lock.yaml": "", "bun.lock": "" };
    const yarns = ["", "__metadata:\n"].map((text) => ({ "yarn.lock": text }));
    const all = [...Object.entries(locks).map(([name, text]) => ({ [name]: text })), ...yarns];

    const plans = all.flatMap((lock) =>
      plansOf({ "package.json": "{}", ...lock }, { npmRegistry }),
    );

    expect(plans.map(({ stack }) => stack)).toEqual(["npm", "pnpm", "bun", "yarn", "yarn"]);
    for (const { setUpEnv } of plans)
      expect(setUpEnv).toMatchObject({
        npm_config_registry: npmRegistry,
        YARN_NPM_REGISTRY_SERVER: npmRegistry,
        YARN_UNSAFE_HTTP_WHITELIST: "packages.example",
        BUN_CONFIG_REGISTRY: npmRegistry,
      });
  });

  it.each(["1.2.3; id", "latest", "1.2", "9.9.9 || x", "$(id)"])(
    "never lets a manifest name anything but a version: %s",
    (version) => {
      const [plan] = plansOf({
        "package.json": JSON.stringify({ packageManager: `pnpm@${version}` }),
        "pnpm-lock.yaml": "",
      });

      expect(plan?.fetch[0]).toMatch(/ pnpm@10$/);
    },
  );
});
