import { readFileSync } from "node:fs";
import { count } from "./count.js";

/** Prints the counts of each named file; returns the exit code. */
export function main(args, out) {
  const unknown = args.find((arg) => arg.startsWith("-"));
  if (unknown !== undefined) {
    out.write(`count: unknown option ${unknown}\n`);
    return 2;
  }
  for (const path of args) {
    const { lines, words } = count(readFileSync(path, "utf8"));
    out.write(`${lines} ${words} ${path}\n`);
  }
  return 0;
}

if (process.argv[1] === import.meta.filename) {
  process.exitCode = main(process.argv.slice(2), process.stdout);
}
