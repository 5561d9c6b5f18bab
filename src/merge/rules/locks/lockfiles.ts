import type { Sides } from "../../../core/merge.ts";
import { folderOf, inFolder, nameOf } from "../path-parts.ts";
import type { Regeneration, Rule, RuleTexts } from "../rule.ts";
import { lockedVersions } from "./locked-versions.ts";
import { lostMove, movedBy } from "./lost-moves.ts";
import { startNpmLock } from "./npm-lock-start.ts";

/** What is the same for all lockfiles of one program. */
interface LockProgram {
  readonly program: string;
  readonly manifest: string;
  readonly args: readonly string[];
  readonly offline?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly offlineEnv?: Readonly<Record<string, string>>;
  readonly tool?: readonly string[];
  readonly hosts: readonly string[];
  readonly reads?: readonly string[];
}

const NPM_HOST = ["registry.npmjs.org"];
const PYPI_HOSTS = ["pypi.org", "files.pythonhosted.org"];
const QUIET = ["--no-audit", "--no-fund", "--no-update-notifier", "--no-progress"];
const NPM_GLOBAL = ["npm", "install", "--global", "--ignore-scripts", ...QUIET, "--cache=/tmp/npm"];

const npm: LockProgram = {
  program: "npm",
  manifest: "package.json",
  args: ["install", "--package-lock-only", "--ignore-scripts", ...QUIET, "--cache=/tmp/npm"],
  offline: ["--offline"],
  hosts: NPM_HOST,
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
  tool: [...NPM_GLOBAL, "pnpm"],
  hosts: NPM_HOST,
  reads: ["pnpm-workspace.yaml"],
};
const yarnClassic: LockProgram = {
  program: "yarn",
  manifest: "package.json",
  args: ["install", "--ignore-scripts", "--non-interactive", "--ignore-engines", "--no-default-rc"],
  offline: ["--offline"],
  tool: [...NPM_GLOBAL, "yarn@1"],
  hosts: [...NPM_HOST, "registry.yarnpkg.com"],
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
  tool: [...NPM_GLOBAL, "@yarnpkg/cli-dist@4"],
  hosts: [...NPM_HOST, "registry.yarnpkg.com"],
};
const bun: LockProgram = {
  program: "bun",
  manifest: "package.json",
  args: ["install", "--lockfile-only", "--ignore-scripts"],
  hosts: NPM_HOST,
};
const poetry: LockProgram = {
  program: "poetry",
  manifest: "pyproject.toml",
  args: ["lock", "--no-interaction", "--no-plugins"],
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
  hosts: ["index.crates.io", "static.crates.io"],
  // Without its targets a package is none to cargo.
  reads: ["*.rs"],
};
const bundler: LockProgram = {
  program: "bundle",
  manifest: "Gemfile",
  args: ["lock", "--conservative"],
  offline: ["--local"],
  hosts: ["rubygems.org", "index.rubygems.org"],
  reads: ["*.gemspec", ".ruby-version", "version.rb"],
};
const composer: LockProgram = {
  program: "composer",
  manifest: "composer.json",
  args: ["update", "--no-install", "--no-scripts", "--no-plugins", "--no-interaction"],
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
  ["composer.lock", composer],
]);
const WHY = "a lockfile is made anew by its package manager, never merged as text";

/** The rule of a lockfile; undefined for files that are none. */
export function lockfileRule(path: string, texts?: RuleTexts): Rule | undefined {
  const name = nameOf(path);
  if (name === "bun.lockb")
    return { kind: "never", why: "a binary lockfile says nothing that could be merged" };
  const program = name === "yarn.lock" ? yarnOf(texts) : PROGRAMS.get(name);
  if (!program) return undefined;
  return { kind: "regenerate", why: WHY, by: regenerationOf(path, program, texts) };
}

function yarnOf(texts: RuleTexts | undefined): LockProgram {
  return /^__metadata:/m.test(texts?.ours ?? "") ? yarnBerry : yarnClassic;
}

function regenerationOf(path: string, of: LockProgram, texts?: RuleTexts): Regeneration {
  const folder = folderOf(path);
  const command = [of.program, ...of.args, ...partsOf(path, of, texts)];
  const { offline, offlineEnv = {} } = of;
  // Variables reach the command through `env`, the one program that sets them for one command.
  const settings = Object.entries(offlineEnv).map(([name, value]) => `${name}=${value}`);
  const prefix = settings.length === 0 ? [] : ["env", ...settings];
  return {
    program: of.program,
    folder,
    command,
    offline: offline && [...prefix, ...command, ...offline],
    env: of.env ?? {},
    tool: toolFor(of, texts?.ours ?? ""),
    hosts: of.hosts,
    needs: [inFolder(folder, of.manifest)],
    reads: [of.manifest, nameOf(path), ...(of.reads ?? [])],
    touches: [path],
    isOwnScript: false,
    start: (sides) => startOf(sides, of),
    refusal: refusalOf,
  };
}

/** What theirs moved has to be named where a program would move everything or nothing. */
function partsOf(path: string, of: LockProgram, texts: RuleTexts | undefined): readonly string[] {
  if (of !== composer) return [];
  const names = texts ? [...movedBy({ path, ...texts }, texts.theirs).keys()] : [];
  const safe = names.filter((name) => /^[a-z\d_.-]{1,100}\/[a-z\d_.-]{1,100}$/.test(name));
  return safe.length === 0 ? ["--lock"] : safe.slice(0, 500);
}

function startOf(sides: Sides, of: LockProgram): string {
  return (of === npm ? startNpmLock(sides) : undefined) ?? sides.ours;
}

function refusalOf(sides: Sides, result: string): string | undefined {
  if (formatOf(sides.ours) !== formatOf(result))
    return "the new lockfile has another format than the old one";
  if (
    lockedVersions(sides.path, sides.ours).size > 0 &&
    lockedVersions(sides.path, result).size === 0
  )
    return "the new lockfile names no package";
  const lost = lostMove(sides, result);
  if (lost === undefined) return undefined;
  return `the new lockfile has ${lost.name} at an older version than one of the sides raised it to`;
}

const FORMAT =
  /^(?: {0,2}"?lockfileVersion"?: *['"]?([\d.]+)|__metadata:\r?\n {2}version: *(\d+)|version = (\d+)$)/m;

/** The version of the lockfile's own format; undefined where it says none. */
function formatOf(text: string): string | undefined {
  return FORMAT.exec(text)
    ?.slice(1)
    .find((format) => format !== undefined);
}

/** Which releases of pnpm write which format. */
const PNPM_RELEASES: ReadonlyMap<string, string> = new Map([
  ["5.4", "7"],
  ["6.0", "8"],
  ["6.1", "8"],
  ["9.0", "9"],
]);

/** How the program is brought, in a release that writes the format that is there. */
function toolFor(of: LockProgram, ours: string): readonly string[] | undefined {
  const release = of === pnpm ? PNPM_RELEASES.get(formatOf(ours) ?? "") : undefined;
  if (!of.tool || release === undefined) return of.tool;
  return [...of.tool.slice(0, -1), `pnpm@${release}`];
}
