import type { Caps } from "../core/budget.ts";
import type { Check } from "../core/plan.ts";
import type { EnvironmentWish } from "../core/sandbox.ts";
import { readNexusYml } from "./nexus-yml.ts";
import { type PackageScripts, readPackageScripts } from "./package-scripts.ts";
import { type RepositoryShape, stackChecks } from "./stack-checks.ts";

interface RepositoryFiles {
  readonly packageJson?: string | undefined;
  /** `.github/nexus.yml` of the default branch. */
  readonly nexusYml?: string | undefined;
  /** What else the repository holds; undefined to leave its tools aside. */
  readonly shape?: RepositoryShape | undefined;
}

/** The commands that prove a change, and what is wrong with the files that name them. */
export interface Detected {
  readonly checks: Check[];
  readonly problems: string[];
  /** What `.github/nexus.yml` says of the place where they run. */
  readonly environment: EnvironmentWish;
  /** Programs, or programs with their first words, that it forbids agents to run. */
  readonly deny: readonly string[];
  /** The most that it lets models cost. */
  readonly budget: Caps;
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

/**
 * Finds the checks: `.github/nexus.yml` where it names any, else the package's scripts, else what the
 * repository's tools offer. With a problem there are no checks: none is guessed.
 */
export function detectChecks({ packageJson, nexusYml, shape }: RepositoryFiles): Detected {
  const { checks: named, problems: mistakes, ...rest } = readNexusYml(nexusYml);
  if (mistakes.length > 0) return { ...rest, checks: [], problems: [...mistakes] };
  if (named) return { ...rest, checks: [...named], problems: [] };

  const { scripts, problems } = readPackageScripts(packageJson);
  const checks = SCRIPTS.flatMap((names) => checkOf(names, scripts));
  const isOpen = checks.length === 0 && problems.length === 0;
  const offered = isOpen && shape ? stackChecks(shape) : checks;
  return { ...rest, checks: offered, problems: [...problems] };
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
