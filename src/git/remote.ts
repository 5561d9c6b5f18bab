import { type SimpleGit, simpleGit } from "simple-git";
import { NexusError } from "../core/errors.ts";
import { TOKEN_VARIABLE } from "./askpass.ts";
import { errorText, type Git } from "./git.ts";
import { objectId } from "./names.ts";

const SILENCE_MS = 120_000;
const DEADLINE_MS = 600_000;

const FETCH = [
  "fetch",
  "--quiet",
  "--no-write-fetch-head",
  "--no-tags",
  "--no-recurse-submodules",
  "--no-auto-maintenance",
];

/** One remote, as one mirror talks to it. */
export interface RemoteAddress {
  readonly gitDir: string;
  readonly url: string;
  readonly token?: string | undefined;
  readonly askpass: string;
  readonly signal: AbortSignal;
}

/** A push of one commit to one ref, only if the ref is what we think it is. */
interface Push {
  readonly head: string;
  readonly ref: string;
  /** What the ref must point at now; undefined when it must not exist. */
  readonly expected: string | undefined;
}

/** What Nexus asks of a remote. Every call has a deadline and never asks a person for anything. */
export interface Remote {
  /** The commit a ref points at now, or undefined where there is no such ref. */
  tip(ref: string): Promise<string | undefined>;
  /** The full name of the branch that the remote calls its default; undefined where it names none. */
  defaultRef(): Promise<string | undefined>;
  /** Brings one commit with its full tree, without history, under a ref of ours. */
  fetch(what: string, into: string): Promise<void>;
  /** Brings so many commits more behind those that are here without their parents. */
  deepen(commits: readonly string[], by: number): Promise<void>;
  push(push: Push): Promise<void>;
}

/** Opens a remote. The token travels in a variable that only the askpass script reads. */
export function createRemote(git: Git, at: RemoteAddress): Remote {
  const url = plainUrl(at.url);
  const call = async (args: string[]): Promise<string> => {
    const stop = AbortSignal.any([at.signal, AbortSignal.timeout(DEADLINE_MS)]);
    try {
      return await client(git, { ...at, signal: stop }).raw(args);
    } catch (error) {
      throw translated(error, at, args[0] ?? "");
    }
  };
  return {
    async tip(ref) {
      for (const line of (await call(["ls-remote", url, ref])).split("\n")) {
        const [id, name] = line.split("\t");
        if (id && name === ref) return objectId(id);
      }
      return undefined;
    },
    async defaultRef() {
      const said = await call(["ls-remote", "--symref", url, "HEAD"]);
      return /^ref: (?<name>\S+)\tHEAD$/m.exec(said)?.groups?.name;
    },
    async fetch(what, into) {
      await call([...FETCH, "--depth=1", url, `+${what}:${into}`]);
    },
    async deepen(commits, by) {
      await call([...FETCH, `--deepen=${by}`, url, ...commits.map(objectId)]);
    },
    async push({ head, ref, expected }) {
      const lease = `--force-with-lease=${ref}:${expected ?? ""}`;
      await call(["push", "--quiet", "--porcelain", "--no-verify", lease, url, `${head}:${ref}`]);
    },
  };
}

/** http(s) and file addresses without a user or password in them. */
function plainUrl(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const known = url && ["https:", "http:", "file:"].includes(url.protocol);
  if (!url || !known || url.username || url.password) {
    throw new NexusError("git.failed", "The address of the remote is not one Nexus talks to.");
  }
  return url.href;
}

function client(git: Git, at: RemoteAddress): SimpleGit {
  const credentials = at.token ? { GIT_ASKPASS: at.askpass, [TOKEN_VARIABLE]: at.token } : {};
  const environment = { ...git.environment, ...credentials, GIT_DIR: at.gitDir };
  return simpleGit({
    baseDir: at.gitDir,
    abort: at.signal,
    timeout: { block: SILENCE_MS },
    allowEnvironment: Object.keys(environment),
    // These are ours: they name /dev/null, our settings and our script, never what a caller says.
    unsafe: {
      allowUnsafeAskPass: true,
      allowUnsafeConfigEnvCount: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeFsMonitor: true,
      allowUnsafeHooksPath: true,
      allowUnsafeProtocolOverride: true,
    },
  }).env(environment);
}

const REFUSED = /remote rejected|\[rejected\]|stale info|non-fast-forward|protected branch/i;
const NO_ACCESS =
  /Authentication failed|could not read (?:Username|Password)|returned error: 40[134]|Repository not found|not found$/im;
const GONE = /not our ref|couldn't find remote ref|does not appear to be a git repository/i;

// git tells these apart in words only; the words decide nothing but how the failure is called.
function translated(error: unknown, at: RemoteAddress, command: string): NexusError {
  if (at.signal.aborted) return new NexusError("aborted", `git ${command} was stopped.`);
  const said = error instanceof Error ? error.message : "";
  const text = errorText(at.token ? said.replaceAll(at.token, "***") : said);
  const message = `git ${command} failed: ${text}`;
  if (REFUSED.test(text)) return new NexusError("git.rejected", message);
  if (GONE.test(text)) return new NexusError("git.failed", message);
  if (NO_ACCESS.test(text)) {
    return new NexusError("git.unreachable", message, {
      hint: "Is the App installed on this repository, with access to its contents?",
    });
  }
  return new NexusError("git.unreachable", message, { retryable: true });
}
