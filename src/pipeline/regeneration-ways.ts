import type { Sides } from "../core/merge.ts";
import type { EnvironmentWish } from "../core/sandbox.ts";
import { inFolder, nameOf } from "../merge/rules/path-parts.ts";
import type { Regeneration } from "../merge/rules/rule.ts";

/** One way to run a command: in which environment, with which words. */
export interface RegenerationWay {
  /** The start of a sentence. */
  readonly name: string;
  readonly environment: EnvironmentWish;
  readonly folder: string;
  readonly command: readonly string[];
}

interface Wanted {
  readonly by: Regeneration;
  readonly sides: Pick<Sides, "path">;
  readonly environment?: EnvironmentWish | undefined;
}

const MADE = "/opt/nexus/regenerated";

/**
 * The ways to make a file anew, in the order in which they are tried: without a network; with its registry, where
 * the default branch lets commands reach it; as a set-up, which may reach what the operator lets set-ups reach.
 */
export function regenerationWays({ by, sides, environment = {} }: Wanted): RegenerationWay[] {
  const { image, network = [] } = environment;
  const { folder, command, offline } = by;
  if (by.isOwnScript)
    return [{ name: "In the checks' own environment", environment, folder, command }];
  const ways: RegenerationWay[] = [];
  const bare = { image, setup: [] };
  if (offline)
    ways.push({ name: "Without a network", environment: bare, folder, command: offline });
  if (by.hosts.length > 0 && by.hosts.every((host) => network.includes(host))) {
    const reaching = { ...bare, network: by.hosts };
    ways.push({ name: "With its registry", environment: reaching, folder, command });
  } else if (mayBeSetUp(environment, by)) {
    const environment = { image, setup: [setUpCommand(by, nameOf(sides.path))] };
    const take = ["cp", "--", MADE, nameOf(sides.path)];
    ways.push({ name: "As a set-up", environment, folder, command: take });
  }
  return ways;
}

/** Who wants nothing installed gets nothing installed; names that a shell could read otherwise are left alone. */
function mayBeSetUp({ setup }: EnvironmentWish, { hosts, folder }: Regeneration): boolean {
  return setup?.length !== 0 && hosts.length > 0 && /^(?:[\w@][\w.@/-]*)?$/.test(folder);
}

/**
 * The command as a set-up's: over copies of the manifests and the lockfile alone, since settings and code of a
 * pull request must not meet a network. The result lies outside of the workspace, which holds the old one.
 */
function setUpCommand(by: Regeneration, name: string): string {
  const names = by.reads.map((pattern) => `-name ${quoted(pattern)}`).join(" -o ");
  const variables = Object.entries(by.env).map(([key, value]) => `export ${key}=${quoted(value)}`);
  const bring = by.tool ? [`command -v ${by.program} >/dev/null || ${line(by.tool)}`] : [];
  return [
    "set -e",
    "work=$(mktemp -d)",
    `find . \\( -name node_modules -o -name .git \\) -prune -o -type f \\( ${names} \\) -exec cp --parents -t "$work" {} +`,
    ...settingsLines(by),
    ...variables,
    ...bring,
    `cd "$work"/${quoted(by.folder)}`,
    `cp -- ${quoted(name)} "$work.old"`,
    line(by.command),
    ...addressLines(by, name),
    `cp -- ${quoted(name)} ${MADE}`,
  ].join("\n");
}

function settingsLines({ settings, folder }: Regeneration): readonly string[] {
  if (!settings) return [];
  const path = quoted(inFolder(folder, settings.name));
  return [`grep -E ${quoted(settings.harmless)} ./${path} > "$work"/${path} 2>/dev/null || true`];
}

/** The operator's own registry, which set-ups are told of, stays out of a file that did not have it: it is nobody else's to know. */
function addressLines({ publicRegistry }: Regeneration, name: string): readonly string[] {
  if (publicRegistry === undefined) return [];
  return [
    `own=$(printf %s "$npm_config_registry" | sed 's|/*$||')`,
    `if [ -n "$own" ] && ! grep -qF "$own/" "$work.old"; then`,
    `  pattern=$(printf %s "$own" | sed 's/[][\\.*^$|]/\\\\&/g')`,
    `  sed -i "s|$pattern/|${publicRegistry}/|g" ${quoted(name)}`,
    "fi",
  ];
}

function line(words: readonly string[]): string {
  return words.map(quoted).join(" ");
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
