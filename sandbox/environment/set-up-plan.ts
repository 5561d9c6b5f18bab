import { createHash } from "node:crypto";
import type { EnvironmentWish } from "../../src/core/sandbox.ts";
import type { FrozenTree } from "../changes/frozen-tree.ts";
import type { EnvironmentNeed, SourceTree } from "./environment.ts";
import { registryEnv } from "./stacks/node-manager.ts";
import { CACHE, INSTALLED, type StackPlan, type StackRules } from "./stacks/stack.ts";
import { STACKS } from "./stacks/stacks.ts";
import { treeFilesOf } from "./tree-files.ts";

/** To be raised when the same files would be installed differently: what was made before is not used any more. */
const VERSION = 1;

/** Without this a set-up's programs would not be found; an image may bring another. */
const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** What is to be done to make an environment. */
export interface SetUpPlan {
  /** The same for the same content of manifests, image and commands; a name for what is made. */
  readonly key: string;
  /** The repository's own commands, run over its source; undefined where the stacks say what to do. */
  readonly commands: readonly string[] | undefined;
  readonly source: SourceTree | undefined;
  readonly stacks: readonly StackPlan[];
  /** True where more than the workspace is kept. */
  readonly keepsTools: boolean;
  /** Variables of the repository's own commands, and not of those later. */
  readonly setUpEnv: Readonly<Record<string, string>>;
  /** Variables of the commands later. */
  readonly env: Readonly<Record<string, string>>;
}

interface Planning {
  readonly owner: string;
  /** Digest of the image to start from, and the PATH it brings. */
  readonly image: string;
  readonly path: string | undefined;
  readonly rules: StackRules;
}

/** Homes of tools that a repository's own set-up commands may fill and its checks then find. */
const HOMES = {
  NPM_CONFIG_PREFIX: `${INSTALLED}/npm`,
  PYTHONUSERBASE: `${INSTALLED}/python`,
  VIRTUAL_ENV: `${INSTALLED}/venv`,
  GOMODCACHE: `${INSTALLED}/go/mod`,
  CARGO_HOME: `${INSTALLED}/cargo`,
  BUNDLE_PATH: `${INSTALLED}/bundle`,
  MAVEN_OPTS: `-Dmaven.repo.local=${INSTALLED}/m2`,
};
const BINS = ["bin", "venv/bin", "npm/bin", "python/bin", "cargo/bin"];

/** Plans the set-up of a commit; undefined where there is nothing to install. */
export function planSetUp(need: EnvironmentNeed, at: Planning): SetUpPlan | undefined {
  const commands = need.wish?.setup;
  if (commands !== undefined) return commands.length === 0 ? undefined : own(need, commands, at);

  const files = treeFilesOf(need.tree);
  const stacks = STACKS.flatMap((stack) => stack(files, at.rules) ?? []).map((plan) => ({
    ...plan,
    // Who commits what would be installed means that.
    layers: plan.layers.filter((path) => !files.has(path)),
  }));
  if (stacks.length === 0) return undefined;
  const env = Object.assign({}, ...stacks.map((plan) => ({ ...plan.env, ...plan.runEnv })));
  const paths = stacks.flatMap((plan) => plan.path);
  return {
    key: keyOf([at.owner, at.image, at.path ?? "", ...stacks.flatMap(partsOf)]),
    commands: undefined,
    source: undefined,
    setUpEnv: {},
    stacks,
    keepsTools: stacks.some(hasTools),
    env: { ...env, PATH: [...new Set(paths), at.path ?? PATH].join(":") },
  };
}

/** Nothing but the image: commands find what the image has where it has it. */
export function imageEnv(path: string | undefined): Readonly<Record<string, string>> {
  return path === undefined ? {} : { PATH: path };
}

// The commands see the source, so it takes part in the name: what one commit's code has installed is
// never given to another commit.
function own(need: EnvironmentNeed, commands: readonly string[], at: Planning): SetUpPlan {
  const source = need.source ?? sourceOf(need.tree);
  const files = treeFilesOf(need.tree);
  const manifests = MANIFESTS.flatMap((path) => [path, digestOf(files.bytes(path) ?? "")]);
  const paths = BINS.map((bin) => `${INSTALLED}/${bin}`);
  const setUpEnv = registryEnv(at.rules);
  const names = Object.values(setUpEnv);
  return {
    key: keyOf([at.owner, at.image, at.path ?? "", source.id, ...names, ...manifests, ...commands]),
    commands,
    source,
    setUpEnv,
    stacks: [],
    keepsTools: true,
    env: { ...HOMES, PATH: [...paths, at.path ?? PATH].join(":") },
  };
}

/** Files of the commit itself that are laid over the source of set-up commands. */
export const MANIFESTS: readonly string[] = [
  "package.json",
  "package-lock.json",
  "npm-shrinkwrap.json",
  "pnpm-lock.yaml",
  "yarn.lock",
  "bun.lock",
  "bun.lockb",
  "requirements.txt",
  "requirements-dev.txt",
  "pyproject.toml",
  "uv.lock",
  "poetry.lock",
  "go.mod",
  "go.sum",
  "Cargo.toml",
  "Cargo.lock",
  "Gemfile",
  "Gemfile.lock",
  "composer.json",
  "composer.lock",
];

// A tree lies under the name of its commit.
function sourceOf(tree: FrozenTree): SourceTree {
  return {
    id: tree.folders.join(":"),
    take: async () => ({ tree, release: async () => undefined }),
  };
}

function partsOf(plan: StackPlan): string[] {
  const files = [...plan.files].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    plan.stack,
    ...plan.fetch,
    ...plan.build,
    JSON.stringify([plan.env, plan.setUpEnv, plan.path, plan.layers]),
    ...files.flatMap(([path, bytes]) => [path, digestOf(bytes)]),
  ];
}

function hasTools(plan: StackPlan): boolean {
  return plan.path.length > 0 || JSON.stringify(plan.env).includes(INSTALLED);
}

function keyOf(parts: readonly string[]): string {
  return digestOf(JSON.stringify([VERSION, CACHE, ...parts])).slice(0, 40);
}

function digestOf(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

/** The hosts that set-ups and runs of a repository may reach, within what the operator allows. */
export function hostsOf(
  wish: EnvironmentWish | undefined,
  allowed: readonly string[],
): { readonly network: readonly string[]; readonly refused: readonly string[] } {
  const wished = wish?.network ?? [];
  const isAllowed = (host: string) => allowed.some((pattern) => covers(pattern, host));
  return {
    network: wished.filter(isAllowed),
    refused: wished.filter((host) => !isAllowed(host)),
  };
}

// A wildcard stands for all names below it, and for narrower wildcards.
function covers(pattern: string, host: string): boolean {
  if (pattern === host) return true;
  return pattern.startsWith("*.") && host.endsWith(pattern.slice(1));
}
