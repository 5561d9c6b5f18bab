import type { Word } from "../shell-words.ts";
import { createToolFixer, word } from "./tool-fixer.ts";

const NO_CHECK =
  /^(?:--fix(?:=.*)?|--fix-dry-run|--stdin|--stdin-filename|--init|--print-config|--inspect-config|--env-info|--version|-v|--help|-h)$/;

/** `eslint …` becomes `eslint --fix …`; reports and caches of the check are not written into the repository. */
export const eslint = createToolFixer({
  name: "eslint",
  programs: ["eslint"],
  repairing(args) {
    if (args.some(({ value }) => NO_CHECK.test(value))) return undefined;
    return [word("--fix"), ...withoutFiles(args)];
  },
});

function withoutFiles(args: readonly Word[]): readonly Word[] {
  return args.filter(
    ({ value }, index) =>
      !/^(?:-o|--output-file(?:=.*)?|--cache)$/.test(value) &&
      !/^(?:-o|--output-file)$/.test(args[index - 1]?.value ?? ""),
  );
}
