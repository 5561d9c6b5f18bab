import type { Check } from "../core/plan.ts";
import { readNexusYml } from "./nexus-yml.ts";
import { type PackageScripts, readPackageScripts } from "./package-scripts.ts";

interface RepositoryFiles {
  readonly packageJson?: string | undefined;
  /** `.github/nexus.yml` of the default branch. */
  readonly nexusYml?: string | undefined;
}

/** The commands that prove a change, and what is wrong with the files that name them. */
export interface Detected {
  readonly checks: Check[];
  readonly problems: string[];
}

/** Kinds of checks from the quickest to the slowest, each with the names people give it. */
const SCRIPTS: readonly (readonly string[])[] = [
  ["format:check", "format-check", "prettier:check"],
  ["lint"],
  ["typecheck", "type-check"],
  ["build"],
  ["test"],
];
const NO_TEST = /echo ["']?Error: no test specified["']? && exit 1/;

/** Finds the checks: `.github/nexus.yml` where it names any, else the package's scripts. With a problem there are no checks: none is guessed. */
export function detectChecks({ packageJson, nexusYml }: RepositoryFiles): Detected {
  const named = readNexusYml(nexusYml);
  if (named.problems.length > 0) return { checks: [], problems: [...named.problems] };
  if (named.checks) return { checks: [...named.checks], problems: [] };

  const { scripts, problems } = readPackageScripts(packageJson);
  return { checks: SCRIPTS.flatMap((names) => checkOf(names, scripts)), problems: [...problems] };
}

function checkOf(names: readonly string[], scripts: PackageScripts): Check[] {
  const name = names.find((candidate) => isReal(scripts.get(candidate)));
  if (name === undefined) return [];
  return [{ name, command: name === "test" ? "npm test" : `npm run ${name}` }];
}

/** npm writes a test script of its own that only says there is none. */
function isReal(script: string | undefined): boolean {
  return script !== undefined && script.trim() !== "" && !NO_TEST.test(script);
}
