import { parseArgs } from "node:util";
import { NexusError } from "../../src/core/errors.ts";
import { type Bench, type Report, tables } from "./report.ts";

interface Listed {
  /** What it measures, in one line. */
  readonly about: string;
  /** What has to be named behind it; it takes nothing without. */
  readonly operands?: string;
  /** The list is there before engines and models are. */
  readonly load: () => Promise<Bench>;
}

const BENCHES: Readonly<Record<string, Listed>> = {
  merge: {
    about: "merges of real histories done again, against people's and other mergers'",
    operands: "REPO…",
    load: async () => (await import("./merge.ts")).merge,
  },
  sandbox: {
    about: "mirrors, commands and change sets against docker exec, native runs, cp and git",
    load: async () => (await import("./sandbox.ts")).sandbox,
  },
  swarm: {
    about: "several workers against one, the scheduler alone, a hundred tasks in a row",
    load: async () => (await import("./swarm.ts")).swarm,
  },
};
const USAGE = "npm run bench -- NAME [REPO…] [--quick] [--json] [--at-once N]";
const MOST_AT_ONCE = 64;

process.exitCode = await main(process.argv.slice(2));

/** 0 when every goal was met, 1 when one was missed, 2 when there is no such bench or nothing it could use. */
async function main(args: readonly string[]): Promise<number> {
  const wish = parse(args);
  const bench = wish && Object.hasOwn(BENCHES, wish.name) ? BENCHES[wish.name] : undefined;
  if (!wish || !bench || (wish.operands.length > 0 && bench.operands === undefined)) {
    const list = Object.entries(BENCHES).map(
      ([name, { about, operands = "" }]) => `  ${`${name} ${operands}`.padEnd(14)}${about}`,
    );
    process.stderr.write(`${USAGE}\n\nBenches:\n${list.join("\n")}\n`);
    return 2;
  }
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const { name, quick, operands, tasksAtOnce } = wish;
  if (bench.operands !== undefined && operands.length === 0) {
    say(`${name}: name what to measure: npm run bench -- ${name} ${bench.operands}`);
    return 2;
  }
  try {
    const { run } = await bench.load();
    const report = await run({ quick, say, operands, tasksAtOnce });
    print(name, report, wish.json);
    return report.goals.every(({ ok }) => ok) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof NexusError) || error.code !== "config.invalid") throw error;
    say(`${name}: ${error.message}`);
    return 2;
  }
}

function parse(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        quick: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        "at-once": { type: "string" },
      },
    });
    const [name, ...operands] = positionals;
    const { "at-once": atOnce, ...flags } = values;
    const tasksAtOnce = atOnce === undefined ? undefined : Number(atOnce);
    if (name === undefined || !isCount(tasksAtOnce ?? 1)) return undefined;
    return { ...flags, name, operands, tasksAtOnce };
  } catch {
    // An option that there is not.
    return undefined;
  }
}

function isCount(count: number): boolean {
  return Number.isInteger(count) && count >= 1 && count <= MOST_AT_ONCE;
}

function print(bench: string, { rows, goals }: Report, json: boolean): void {
  const verdicts = goals.map(
    ({ name, value, goal, ok }) => `${ok ? "met   " : "MISSED"}  ${name}: ${value} (${goal})`,
  );
  process.stdout.write(`${tables(rows)}\n\n${verdicts.join("\n")}\n`);
  if (json) process.stdout.write(`${JSON.stringify({ bench, rows, goals })}\n`);
}
