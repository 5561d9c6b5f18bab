/** Where everything that is installed outside of the workspace lies, in set-ups and in runs. */
export const INSTALLED = "/opt/nexus";

/** Where a set-up may keep what nobody needs afterwards. On disk: what lies in /tmp would count as memory. */
export const CACHE = "/workspace/.nexus-cache";

/** So many patterns of one manifest are followed, so many places looked at for them, and so many members found. */
export const MOST_PATTERNS = 200;
export const MOST_LOOKS = 20_000;
export const MOST_MEMBERS = 1_000;

/** The files of a commit, as far as a set-up is interested in them. */
export interface TreeFiles {
  /** Bytes of a regular file of sensible size, links not followed; undefined where there is none. */
  bytes(path: string): Buffer | undefined;
  /** What can be read in a moment: a lockfile, or any other file of at most a megabyte. */
  text(path: string): string | undefined;
  has(path: string): boolean;
  names(folder: string): readonly string[];
}

/** What one stack needs to be installed for a commit. */
export interface StackPlan {
  readonly stack: string;
  /** The program without which nothing of it can be installed. */
  readonly program: string;
  /** Manifests and lockfiles by path: all that a set-up sees of the repository. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** Empty files that the tool insists on. */
  readonly stubs?: readonly string[];
  /** Shell commands with a network. No code of a package runs where the tool can do without. */
  readonly fetch: readonly string[];
  /** Shell commands without a network, such as the install scripts of packages. */
  readonly build: readonly string[];
  /** Variables of the set-up and of the commands later. */
  readonly env: Readonly<Record<string, string>>;
  /** Variables of the set-up alone. */
  readonly setUpEnv?: Readonly<Record<string, string>>;
  /** Variables of the commands later alone. */
  readonly runEnv?: Readonly<Record<string, string>>;
  /** Folders with programs. */
  readonly path: readonly string[];
  /** Paths of the workspace that are kept and laid over the commit. */
  readonly layers: readonly string[];
}

/** What the operator says of package registries. */
export interface StackRules {
  readonly npmRegistry?: string | undefined;
}

/**
 * Reads from a commit's files what is to be installed; undefined where the stack is not there or installs
 * nothing. Throws `sandbox.setup-failed` for a lockfile that must not be followed.
 */
export type Stack = (files: TreeFiles, rules: StackRules) => StackPlan | undefined;

/** The files of these that are there. */
export function present(files: TreeFiles, paths: readonly string[]): Map<string, Buffer> {
  return new Map(
    paths.flatMap((path) => {
      const bytes = files.bytes(path);
      return bytes === undefined ? [] : [[path, bytes] as const];
    }),
  );
}
