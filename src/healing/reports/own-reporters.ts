/** Where Vitest looks for its config, in the root of a repository. */
export const VITEST_CONFIGS: readonly string[] = ["vitest", "vite"].flatMap((name) =>
  ["ts", "mts", "cts", "js", "mjs", "cjs"].map((ending) => `${name}.config.${ending}`),
);

/** Whether a config may name reporters: a word is enough, since its code is not run to find out. */
export function mayNameReporters(config: string): boolean {
  return /reporter/i.test(config);
}
