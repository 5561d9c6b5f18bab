/** Words of a command; null where only the shell will know. */
export type Words = readonly (string | null)[];

/** What a program that starts others would start. */
interface Behind {
  readonly scripts: readonly string[];
  readonly commands: readonly Words[];
  /** Why it cannot be told. */
  readonly unclear?: string;
}

const NOTHING: Behind = { scripts: [], commands: [] };
const SHELLS = new Set(["sh", "bash", "dash", "ash", "zsh", "ksh", "busybox"]);

/** Programs that run the words behind their own flags; flags named here take a value. */
const STARTERS: Readonly<Record<string, ReadonlySet<string>>> = {
  env: new Set(["-u", "--unset", "-C", "--chdir"]),
  command: new Set(),
  builtin: new Set(),
  exec: new Set(["-a"]),
  nice: new Set(["-n", "--adjustment"]),
  nohup: new Set(),
  time: new Set(["-o", "-f"]),
  setsid: new Set(),
  stdbuf: new Set(["-i", "-o", "-e"]),
  timeout: new Set(["-s", "--signal", "-k", "--kill-after"]),
  xargs: new Set(["-I", "-n", "-P", "-d", "-L", "-a", "-E", "-s"]),
  busybox: new Set(),
  npx: new Set(["-p", "--package"]),
  bunx: new Set(["-p", "--package"]),
};

/** Verbs of package managers behind which a program stands. */
const EXECUTORS: Readonly<Record<string, ReadonlySet<string>>> = {
  npm: new Set(["exec", "x"]),
  pnpm: new Set(["exec", "dlx"]),
  yarn: new Set(["exec", "dlx"]),
  bun: new Set(["x"]),
};

/** Flags whose value is a script. */
const SCRIPT_FLAGS: Readonly<Record<string, readonly string[]>> = {
  env: ["-S", "--split-string"],
  npx: ["-c", "--call"],
  npm: ["-c", "--call"],
};

const FIND_RUNS = new Set(["-exec", "-execdir", "-ok", "-okdir"]);

/** What stands behind a program that starts others: scripts for a shell, and commands as words. */
export function behindWrapper(name: string, args: Words, fed: readonly string[]): Behind {
  if (name === "eval") return evaluated(args);
  if (name === "trap") return evaluated(args.slice(0, 1));
  if (name === "alias") return evaluated(args.map(aliased), "\n");
  const script = scriptFlag(name, args);
  if (script !== undefined) return evaluated([script]);
  if (SHELLS.has(name) && name !== "busybox") return shell(args, fed);
  if (name === "find") return { scripts: [], commands: foundCommands(args) };
  const verb = firstOperand(args, new Set());
  if (EXECUTORS[name]?.has(args[verb] ?? "")) return behindWrapper("npx", args.slice(verb + 1), []);
  const valued = STARTERS[name];
  if (valued === undefined) return NOTHING;
  const rest = args.slice(firstOperand(args, valued));
  const words = name === "timeout" ? rest.slice(1) : withoutAssignments(rest);
  return { scripts: [], commands: words.length > 0 ? [words] : [] };
}

/** The text that a name is given. */
function aliased(word: string | null): string | null {
  return word?.replace(/^[^=]*=?/, "") ?? null;
}

function evaluated(args: Words, between = " "): Behind {
  const known = args.filter((word) => word !== null);
  if (known.length < args.length) {
    return { ...NOTHING, unclear: "what is evaluated is only known when it runs" };
  }
  return { scripts: [known.join(between)], commands: [] };
}

function shell(args: Words, fed: readonly string[]): Behind {
  const at = args.findIndex((word) => word !== null && /^-[a-z]*c[a-z]*$/i.test(word));
  if (at < 0) return shellWithoutScript(args, fed);
  const script = args.slice(at + 1).find((word) => word === null || !word.startsWith("-"));
  if (script === undefined) return NOTHING;
  if (script === null) return { ...NOTHING, unclear: "a script is only known when it runs" };
  return { scripts: [script], commands: [] };
}

/** It executes a file of the repository, what is written behind it, or what another program will say. */
function shellWithoutScript(args: Words, fed: readonly string[]): Behind {
  const file = args[firstOperand(args, new Set(["-o", "+o", "-O"]))];
  if (file === undefined && fed.length === 0) {
    return {
      ...NOTHING,
      unclear: "what a shell would be given to execute is only known when it runs",
    };
  }
  return { scripts: fed, commands: [] };
}

/** The script that a flag gives; null where only the shell will know. */
function scriptFlag(name: string, args: Words): string | null | undefined {
  const flags = SCRIPT_FLAGS[name] ?? [];
  for (const [at, word] of args.entries()) {
    const flag = flags.find((one) => word === one || word?.startsWith(`${one}=`));
    if (flag === undefined) continue;
    return word === flag ? (args[at + 1] ?? null) : word?.slice(flag.length + 1);
  }
  return undefined;
}

function foundCommands(args: Words): Words[] {
  return args.flatMap((word, index) => {
    if (word === null || !FIND_RUNS.has(word)) return [];
    const end = args.findIndex((part, at) => at > index && (part === ";" || part === "+"));
    return [args.slice(index + 1, end < 0 ? undefined : end)];
  });
}

function firstOperand(args: Words, valued: ReadonlySet<string>): number {
  let at = 0;
  for (let word = args[at]; word?.startsWith("-"); word = args[at]) {
    if (word === "--") return at + 1;
    at += valued.has(word) ? 2 : 1;
  }
  return at;
}

function withoutAssignments(words: Words): Words {
  const first = words.findIndex((word) => word === null || !/^[A-Za-z_]\w*=/.test(word));
  return first < 0 ? [] : words.slice(first);
}
