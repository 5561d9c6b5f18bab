const NAME = /^[A-Z_][A-Z0-9_]*$/i;

/** A command as somebody asks for it. */
interface Wish {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** Why no system could start this command; undefined when it could. */
export function whyUnstartable({ argv, env }: Wish): string | undefined {
  if (!argv[0]) return "there is no program to start";
  if (argv.some((part) => part.includes("\0"))) return "an argument holds a NUL character";
  for (const [name, value] of Object.entries(env)) {
    if (!NAME.test(name)) return "a variable has a name that is none";
    if (/[\0\n\r]/.test(value)) return `the variable ${name} has more than one line`;
  }
  return undefined;
}
