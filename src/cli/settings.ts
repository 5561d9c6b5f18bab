import { NexusError } from "../core/errors.ts";

/** What is wrong with the settings, one entry for each, as the parsers of the processes say. */
export function problemsIn(
  env: Readonly<Record<string, string | undefined>>,
  parsers: readonly ((env: Readonly<Record<string, string | undefined>>) => unknown)[],
): readonly string[] {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const problems = parsers.flatMap((parse) => problemsOf(() => parse({ ...BY_START, ...given })));
  return [...new Set(problems)];
}

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
