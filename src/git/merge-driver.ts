import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { NexusError } from "../core/errors.ts";
import { errorText } from "./git.ts";

/** Whose settings are meant: those of the repository around a folder, or a person's. */
export interface SettingsPlace {
  readonly scope: "local" | "global";
  readonly folder: string;
  /** The person's own, so that git finds the settings that they use. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

const SECTION = "merge.nexus";
const NAME = "Nexus: by lines, structure and rules";
/** How git says that there is no such section, or no checkout. */
const FATAL = 128;
const NOT_SET = 1;

/**
 * The settings of git that name a merge driver, as the person who asks has them: never of a folder that a container
 * could write. Throws `git.failed`.
 */
export function mergeDriverSettings({ scope, folder, env }: SettingsPlace) {
  const git = (args: readonly string[], answers: readonly number[] = []) =>
    asPerson(args, { folder, env, answers });
  const config = ["config", `--${scope}`];
  return {
    /** The file of attributes of the same reach, that is not part of any commit. */
    async attributesFile(): Promise<string> {
      if (scope === "local") {
        const path = ["rev-parse", "--path-format=absolute", "--git-path", "info/attributes"];
        return (await git(path)).stdout;
      }
      const named = await git([...config, "--type=path", "core.attributesFile"], [NOT_SET]);
      if (named.code === 0) return named.stdout;
      const home = env.XDG_CONFIG_HOME || join(env.HOME ?? folder, ".config");
      return join(home, "git", "attributes");
    },
    /** The checkout around the folder, and where in it attributes are; undefined where there is none. */
    async checkout() {
      const { code, stdout: root } = await git(["rev-parse", "--show-toplevel"], [FATAL]);
      if (code !== 0) return undefined;
      const listing = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--"];
      const { stdout } = await git(["-C", root, ...listing, ":(glob)**/.gitattributes"]);
      return { root, attributes: stdout.split("\0").filter((path) => path !== "") };
    },
    async set(command: string): Promise<void> {
      await git([...config, `${SECTION}.name`, NAME]);
      await git([...config, `${SECTION}.driver`, command]);
    },
    /** False where there was nothing. */
    async unset(): Promise<boolean> {
      const found = await git([...config, "--get", `${SECTION}.driver`], [NOT_SET]);
      await git([...config, "--remove-section", SECTION], [FATAL]);
      return found.code === 0;
    },
  };
}

interface AsPerson extends Pick<SettingsPlace, "folder" | "env"> {
  readonly answers: readonly number[];
}

async function asPerson(args: readonly string[], { folder, env, answers }: AsPerson) {
  try {
    const { stdout } = await promisify(execFile)("git", [...args], {
      cwd: folder,
      env: { ...env, LC_ALL: "C" },
    });
    return { code: 0, stdout: stdout.replace(/\n$/, "") };
  } catch (cause) {
    const { code, stderr = "" } = cause as { code?: unknown; stderr?: string };
    if (typeof code === "number" && answers.includes(code)) return { code, stdout: "" };
    const why = code === "ENOENT" ? "git could not be started" : errorText(stderr).split("\n")[0];
    throw new NexusError("git.failed", `git ${args[0]} failed: ${why}`, { cause });
  }
}
