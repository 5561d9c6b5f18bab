import { createToolFixer, word } from "./tool-fixer.ts";

const CHECKING = new Set(["--check", "-c", "--list-different", "-l"]);
const NO_CHECK = new Set(["--write", "-w", "--help", "--version", "--stdin-filepath"]);

/** `prettier --check …` becomes `prettier --write …`. */
export const prettier = createToolFixer({
  name: "prettier",
  programs: ["prettier"],
  repairing(args) {
    const checks = args.some(({ value }) => CHECKING.has(value));
    if (!checks || args.some(({ value }) => NO_CHECK.has(value))) return undefined;
    return [word("--write"), ...args.filter(({ value }) => !CHECKING.has(value))];
  },
});
