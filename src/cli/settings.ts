import { NexusError } from "../core/errors.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** One thing that is wrong with the settings. */
export interface SettingProblem {
  readonly text: string;
  /** Only not there: where each process has an environment of its own, another one may have it. */
  readonly isMissing: boolean;
}

/** What is wrong with the settings, each thing once, as the parsers of the processes say. */
export function problemsIn(
  env: Environment,
  parsers: readonly ((env: Environment) => unknown)[],
): readonly SettingProblem[] {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const problems = parsers.flatMap((parse) => problemsOf(() => parse({ ...BY_START, ...given })));
  return [...new Set(problems)].map((text) => ({ text, isMissing: MISSING.test(text) }));
}

const MISSING = /: (?:missing|one of them is needed)$/;

// What `npm start` brings along where nothing is named.
const BY_START = {
  DATABASE_URL: "postgres://localhost/nexus",
  REDIS_URL: "redis+unix:///nexus",
  BROKER_KEY: "made-by-npm-start-each-time-it-starts",
};

function problemsOf(parse: () => unknown): string[] {
  try {
    parse();
    return [];
  } catch (error) {
    if (!(error instanceof NexusError)) throw error;
    return error.message.split("\n").map((line) => line.replace(/^- /, ""));
  }
}
