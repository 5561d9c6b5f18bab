import { createToolFixer, word } from "./tool-fixer.ts";

const COMMANDS = new Set(["check", "ci", "lint", "format"]);
const NO_CHECK =
  /^(?:--write|--fix|--apply|--apply-unsafe|--stdin-file-path(?:=.*)?|--help|--version)$/;

/** `biome check|ci|lint|format …` becomes the same with `--write`, safe fixes only. */
export const biome = createToolFixer({
  name: "biome",
  programs: ["biome", "@biomejs/biome"],
  repairing(args) {
    const at = args.findIndex(({ value }) => !value.startsWith("-"));
    const command = args[at]?.value ?? "";
    if (!COMMANDS.has(command) || args.some(({ value }) => NO_CHECK.test(value))) return undefined;
    // `ci` only reports; `check` is the same with the power to write.
    const writing = word(command === "ci" ? "check" : command);
    const rest = args.slice(at + 1).filter(({ value }) => value !== "--unsafe");
    return [...args.slice(0, at), writing, word("--write"), ...rest];
  },
});
