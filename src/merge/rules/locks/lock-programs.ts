import type { Regeneration } from "../rule.ts";

/** What is the same for all lockfiles of one program. */
export interface LockProgram extends Pick<Regeneration, "env" | "hosts" | "settings"> {
  readonly program: string;
  readonly manifest: string;
  readonly args: readonly string[];
  /** Stands before the program where its releases want to be asked differently. */
  readonly before?: readonly string[];
  readonly offline?: readonly string[];
  readonly offlineEnv?: Readonly<Record<string, string>>;
  /** Installs the program; the release is put after its last word. */
  readonly tool?: readonly string[];
  /** Which releases write which format of lockfile; the newest one where none is known. */
  readonly releases?: ReadonlyMap<string, string>;
  readonly publicRegistry?: string;
  readonly reads?: readonly string[];
}

const NPM_HOST = ["registry.npmjs.org"];
const YARN_HOSTS = [...NPM_HOST, "registry.yarnpkg.com"];
const NPM_URL = "https://registry.npmjs.org";
const PYPI_HOSTS = ["pypi.org", "files.pythonhosted.org"];
const QUIET = ["--no-audit", "--no-fund", "--no-update-notifier", "--no-progress"];
const NPM_GLOBAL = ["npm", "install", "--global", ...QUIET, "--cache=/tmp/npm"];
const WITHOUT_SCRIPTS = [...NPM_GLOBAL, "--ignore-scripts"];
// What decides which packages there are. Registries, tokens and programs are not the repository's to name.
const NPMRC = {
  name: ".npmrc",
  harmless:
    "^(legacy-peer-deps|strict-peer-deps|strict-peer-dependencies|auto-install-peers|dedupe-peer-dependents|install-links)[ ]*=[ ]*(true|false)[ ]*$",
};
const YARNRC = { name: ".yarnrc.yml", harmless: "^compressionLevel: *['\"]?[a-z0-9]+['\"]? *$" };

const npm: LockProgram = {
  program: "npm",
  manifest: "package.json",
  args: ["install", "--package-lock-only", "--ignore-scripts", ...QUIET, "--cache=/tmp/npm"],
  offline: ["--offline"],
  env: {},
  hosts: NPM_HOST,
  publicRegistry: NPM_URL,
  settings: NPMRC,
};
const pnpm: LockProgram = {
  program: "pnpm",
  manifest: "package.json",
  args: [
    "install",
    "--lockfile-only",
    "--no-frozen-lockfile",
    "--ignore-scripts",
    "--ignore-pnpmfile",
  ],
  offline: ["--offline"],
  env: { npm_config_manage_package_manager_versions: "false" },
  tool: [...WITHOUT_SCRIPTS, "pnpm"],
  releases: new Map([
    ["5.4", "7"],
    ["6.0", "8"],
    ["6.1", "8"],
    ["9.0", "9"],
  ]),
  hosts: NPM_HOST,
  publicRegistry: NPM_URL,
  reads: ["pnpm-workspace.yaml"],
  settings: NPMRC,
};
const yarnClassic: LockProgram = {
  program: "yarn",
  manifest: "package.json",
  args: ["install", "--ignore-scripts", "--non-interactive", "--ignore-engines", "--no-default-rc"],
  offline: ["--offline"],
  env: {},
  tool: [...WITHOUT_SCRIPTS, "yarn"],
  releases: new Map([["", "1"]]),
  hosts: YARN_HOSTS,
  publicRegistry: NPM_URL,
};
const yarnBerry: LockProgram = {
  program: "yarn",
  manifest: "package.json",
  args: ["install", "--mode=update-lockfile"],
  offline: [],
  env: {
    YARN_IGNORE_PATH: "1",
    YARN_ENABLE_SCRIPTS: "false",
    YARN_ENABLE_IMMUTABLE_INSTALLS: "false",
    YARN_ENABLE_TELEMETRY: "0",
  },
  offlineEnv: { YARN_ENABLE_NETWORK: "false" },
  tool: [...WITHOUT_SCRIPTS, "@yarnpkg/cli-dist"],
  releases: new Map([
    ["5", "3.1"],
    ["6", "3"],
    ["8", "4.12"],
    ["9", "4.14"],
    ["", "4"],
  ]),
  hosts: YARN_HOSTS,
  publicRegistry: NPM_URL,
  settings: YARNRC,
};
const bun: LockProgram = {
  program: "bun",
  manifest: "package.json",
  args: ["install", "--lockfile-only", "--ignore-scripts"],
  env: {},
  // Its package brings the program by a script.
  tool: [...NPM_GLOBAL, "--foreground-scripts", "bun"],
  releases: new Map([
    ["0", "1.2"],
    ["1", "1.3"],
    ["", "1"],
  ]),
  hosts: NPM_HOST,
  publicRegistry: NPM_URL,
};
/** Before its second release, Poetry moves everything that it is not told to leave. */
const LEAVING = `case "$("$0" --version)" in *"version 0."* | *"version 1."*) exec "$0" "$@" --no-update ;; esac; exec "$0" "$@"`;
const poetry: LockProgram = {
  program: "poetry",
  manifest: "pyproject.toml",
  before: ["sh", "-c", LEAVING],
  args: ["lock", "--no-interaction", "--no-plugins"],
  env: {},
  hosts: PYPI_HOSTS,
};
const uv: LockProgram = {
  program: "uv",
  manifest: "pyproject.toml",
  args: ["lock", "--no-build"],
  offline: ["--offline"],
  env: { UV_PYTHON_DOWNLOADS: "never", UV_CACHE_DIR: "/tmp/uv" },
  hosts: PYPI_HOSTS,
};
const cargo: LockProgram = {
  program: "cargo",
  manifest: "Cargo.toml",
  args: ["update", "--workspace"],
  offline: ["--offline"],
  env: {},
  hosts: ["index.crates.io", "static.crates.io"],
  // Without its targets a package is none to cargo.
  reads: ["*.rs"],
};
const bundler: LockProgram = {
  program: "bundle",
  manifest: "Gemfile",
  args: ["lock", "--conservative"],
  offline: ["--local"],
  env: {},
  hosts: ["rubygems.org", "index.rubygems.org"],
  reads: ["*.gemspec", ".ruby-version", "version.rb"],
};
const composer: LockProgram = {
  program: "composer",
  manifest: "composer.json",
  args: [
    "update",
    "--no-install",
    "--no-scripts",
    "--no-plugins",
    "--no-interaction",
    // Which extensions this machine has says nothing of those that run the code.
    "--ignore-platform-req=ext-*",
  ],
  env: { COMPOSER_HOME: "/tmp/composer" },
  offlineEnv: { COMPOSER_DISABLE_NETWORK: "1" },
  offline: [],
  hosts: ["repo.packagist.org", "packagist.org"],
};

const PROGRAMS: ReadonlyMap<string, LockProgram> = new Map([
  ["package-lock.json", npm],
  ["npm-shrinkwrap.json", npm],
  ["pnpm-lock.yaml", pnpm],
  ["bun.lock", bun],
  ["poetry.lock", poetry],
  ["uv.lock", uv],
  ["Cargo.lock", cargo],
  ["Gemfile.lock", bundler],
  ["gems.locked", { ...bundler, manifest: "gems.rb" }],
  ["composer.lock", composer],
]);

/** The program that writes a lockfile of this name; Yarn's two by what the text says. Undefined for other names. */
export function lockProgram(name: string, text: string): LockProgram | undefined {
  if (name !== "yarn.lock") return PROGRAMS.get(name);
  return /^__metadata:/m.test(text) ? yarnBerry : yarnClassic;
}
