import { type CalledProgram, calledPrograms } from "./called-programs.ts";
import { RULES } from "./rules.ts";

/** Whether a command may run; where not, which rule it breaks and what its author is told. */
export type Judgement =
  | { readonly kind: "allowed" }
  | { readonly kind: "refused"; readonly rule: string; readonly why: string };

/**
 * Judges a shell command that an agent asks for, before anything of it runs. `deny` are programs, or programs
 * with their first words, that the repository's default branch forbids, such as `npm install`.
 */
export function judgeCommand(command: string, deny: readonly string[] = []): Judgement {
  const called = calledPrograms(command);
  if (called.kind === "unclear") return { kind: "refused", rule: "unclear", why: called.why };
  for (const program of called.programs) {
    const rule = RULES.find(({ breaks }) => breaks(program));
    if (rule) return { kind: "refused", rule: rule.name, why: `${program.name}: ${rule.why}` };
    const denied = deny.find((words) => startsWith(program, words));
    if (denied === undefined) continue;
    return { kind: "refused", rule: "repository", why: `the repository forbids ${denied}` };
  }
  return { kind: "allowed" };
}

/** Flags may stand anywhere; the other words are the first that are none. */
function startsWith({ name, args }: CalledProgram, words: string): boolean {
  const [program, ...rest] = words.trim().split(/\s+/);
  const isFlag = (word: string) => word.startsWith("-");
  const first = args.filter((word) => !isFlag(word));
  return (
    program === name &&
    rest.filter(isFlag).every((flag) => args.includes(flag)) &&
    rest.filter((word) => !isFlag(word)).every((word, index) => first[index] === word)
  );
}
