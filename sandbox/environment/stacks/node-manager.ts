import { z } from "zod";
import {
  MOST_LOOKS,
  MOST_MEMBERS,
  MOST_PATTERNS,
  type StackRules,
  type TreeFiles,
} from "./stack.ts";

/** The lockfiles by which a package manager of Node is known, the likeliest manager first. */
const LOCKFILES = {
  npm: ["package-lock.json", "npm-shrinkwrap.json"],
  pnpm: ["pnpm-lock.yaml"],
  yarn: ["yarn.lock"],
  bun: ["bun.lock", "bun.lockb"],
} as const;

type Manager = keyof typeof LOCKFILES;

const Manifest = z.object({
  packageManager: z.string().optional().catch(undefined),
  workspaces: z
    .union([z.array(z.string()), z.object({ packages: z.array(z.string()) })])
    .optional()
    .catch(undefined),
});

const LONGEST_PATTERN = 1_000;

// What decides where packages are placed. Registries, tokens and programs are not the repository's to name.
const HARMLESS =
  /^\s*(?:(?:shamefully-hoist|hoist|strict-peer-dependencies|auto-install-peers|legacy-peer-deps|dedupe-peer-dependents)\s*=\s*(?:true|false)|node-linker\s*=\s*(?:hoisted|isolated)|(?:public-)?hoist-pattern\[\]\s*=\s*[\w@*/.!-]+)\s*$/;

/** True where this package manager is the one that the repository locks with. */
export function isManager(files: TreeFiles, manager: Manager): boolean {
  if (!files.has("package.json")) return false;
  // Who commits node_modules means those.
  if (files.has("node_modules")) return false;
  const [named] = (manifestOf(files).packageManager ?? "").split("@");
  const locked = managers().filter((one) => LOCKFILES[one].some((file) => files.has(file)));
  return (locked.find((one) => one === named) ?? locked[0]) === manager;
}

/** The exact version of a package manager that the repository names; undefined where it names none. */
export function versionOf(files: TreeFiles, manager: Manager): string | undefined {
  const pattern = new RegExp(`^${manager}@(\\d+\\.\\d+\\.\\d+)(?:\\+|$)`);
  return pattern.exec(manifestOf(files).packageManager ?? "")?.[1];
}

/** Folders that the workspaces of a package.json name, `*` standing for one folder's name. */
export function workspacesOf(files: TreeFiles): string[] {
  const { workspaces = [] } = manifestOf(files);
  const named = Array.isArray(workspaces) ? workspaces : workspaces.packages;
  const patterns = [...new Set(named)].slice(0, MOST_PATTERNS);
  const looks = { left: MOST_LOOKS };
  const found = patterns.flatMap((pattern) => foldersLike({ files, looks }, pattern));
  return [...new Set(found)].slice(0, MOST_MEMBERS);
}

/** The lines of `.npmrc` that only say where packages are placed. */
export function npmrcOf(files: TreeFiles): ReadonlyMap<string, Buffer> {
  const lines = (files.text(".npmrc") ?? "").split("\n").filter((line) => HARMLESS.test(line));
  return lines.length === 0
    ? new Map()
    : new Map([[".npmrc", Buffer.from(`${lines.join("\n")}\n`)]]);
}

/** Variables by which all package managers of Node find the operator's own registry. */
export function registryEnv({ npmRegistry }: StackRules): Readonly<Record<string, string>> {
  if (npmRegistry === undefined) return {};
  const { protocol, hostname } = new URL(npmRegistry);
  return {
    npm_config_registry: npmRegistry,
    YARN_REGISTRY: npmRegistry,
    YARN_NPM_REGISTRY_SERVER: npmRegistry,
    BUN_CONFIG_REGISTRY: npmRegistry,
    ...(protocol === "http:" && { YARN_UNSAFE_HTTP_WHITELIST: hostname }),
  };
}

/** Installs a package manager of ours, under its own name and version, outside of the workspace. */
export function installTool(tool: string, version: string, flags = "--ignore-scripts"): string {
  const quiet = "--no-audit --no-fund --no-update-notifier --no-progress --cache=/tmp/npm";
  return `npm install --global --prefix=/opt/nexus/${tool.split("/").at(-1)} ${flags} ${quiet} ${tool}@${version}`;
}

function manifestOf(files: TreeFiles): z.infer<typeof Manifest> {
  return Manifest.safeParse(jsonOf(files.text("package.json"))).data ?? {};
}

interface Search {
  readonly files: TreeFiles;
  /** How many more places may be looked at. */
  readonly looks: { left: number };
}

function foldersLike({ files, looks }: Search, pattern: string): string[] {
  if (pattern.length > LONGEST_PATTERN) return [];
  const parts = pattern.replace(/^\.\//, "").replace(/\/$/, "").split("/");
  if (parts.some((part) => part === "" || part === ".." || part === ".")) return [];
  let found = [""];
  for (const part of parts) found = found.flatMap((folder) => step({ files, looks }, folder, part));
  return found.filter((folder) => files.has(`${folder}/package.json`));
}

function step({ files, looks }: Search, folder: string, part: string): string[] {
  if (looks.left <= 0) return [];
  const names = part === "*" || part === "**" ? files.names(folder) : [part];
  looks.left -= 1 + names.length;
  return names
    .filter((name) => name !== "node_modules" && !name.startsWith(".git"))
    .map((name) => (folder === "" ? name : `${folder}/${name}`));
}

function managers(): Manager[] {
  return Object.keys(LOCKFILES) as Manager[];
}

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse((text ?? "").replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}
