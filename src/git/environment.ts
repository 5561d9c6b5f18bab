/** Who signs Nexus' commits. */
export interface Identity {
  readonly name: string;
  readonly email: string;
}

/** What differs between installations; everything else about git is fixed. */
export interface GitOptions {
  readonly identity?: Identity;
  /** Lets git reach `file:` addresses. Tests only. */
  readonly allowFile?: boolean;
  /** Added to the environment: PATH, HTTPS_PROXY, GIT_SSL_CAINFO and the like. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** The author of every commit Nexus makes, unless the installation names another. */
export const BOT: Identity = {
  name: "nexus[bot]",
  email: "nexus[bot]@users.noreply.github.com",
};

const SETTINGS: readonly (readonly [key: string, value: string])[] = [
  ["core.hooksPath", "/dev/null"],
  ["core.fsmonitor", "false"],
  ["core.protectHFS", "true"],
  ["core.protectNTFS", "true"],
  ["core.attributesFile", "/dev/null"],
  ["core.excludesFile", "/dev/null"],
  ["core.quotePath", "false"],
  ["protocol.allow", "never"],
  ["protocol.http.allow", "always"],
  ["protocol.https.allow", "always"],
  // A redirect would carry the token to whoever the other side names.
  ["http.followRedirects", "false"],
  // simple-git ends only the parent process; these end the children of a stalled transfer.
  ["http.lowSpeedLimit", "1"],
  ["http.lowSpeedTime", "20"],
  ["transfer.fsckObjects", "true"],
  ["transfer.credentialsInUrl", "die"],
  ["submodule.recurse", "false"],
  ["fetch.recurseSubmodules", "false"],
  ["push.recurseSubmodules", "no"],
  ["gc.auto", "0"],
  ["maintenance.auto", "false"],
  ["safe.bareRepository", "explicit"],
];

/**
 * The one environment of every git process of Nexus: no configuration, home, hook, helper or prompt
 * but what is written here. It replaces the process's own environment.
 */
export function gitEnvironment(options: GitOptions): Record<string, string> {
  const { name, email } = options.identity ?? BOT;
  return {
    PATH: "/usr/local/bin:/opt/homebrew/bin:/usr/bin:/bin",
    ...options.environment,
    HOME: "/dev/null",
    XDG_CONFIG_HOME: "/dev/null",
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_ATTR_NOSYSTEM: "1",
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_LITERAL_PATHSPECS: "1",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
    GIT_LFS_SKIP_SMUDGE: "1",
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    ...asVariables(options.allowFile ? [...SETTINGS, ["protocol.file.allow", "always"]] : SETTINGS),
  };
}

/** Settings as variables reach git's own children too, and never show in a process list. */
function asVariables(settings: typeof SETTINGS): Record<string, string> {
  const variables: Record<string, string> = { GIT_CONFIG_COUNT: String(settings.length) };
  for (const [index, [key, value]] of settings.entries()) {
    variables[`GIT_CONFIG_KEY_${index}`] = key;
    variables[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return variables;
}
