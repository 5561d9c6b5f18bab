import { parseArgs } from "node:util";
import { type Bench, type Report, table } from "./report.ts";
import { sandbox } from "./sandbox.ts";
import { swarm } from "./swarm.ts";

const BENCHES: Readonly<Record<string, Bench>> = { sandbox, swarm };
const USAGE = "npm run bench -- NAME [--quick] [--json]";

process.exitCode = await main(process.argv.slice(2));

/** 0 when every goal was met, 1 when one was missed, 2 when there is no such bench. */
async function main(args: readonly string[]): Promise<number> {
  const wish = parse(args);
  const bench = wish && Object.hasOwn(BENCHES, wish.name) ? BENCHES[wish.name] : undefined;
  if (!wish || !bench) {
    const list = Object.entries(BENCHES).map(([name, { about }]) => `  ${name.padEnd(12)}${about}`);
    process.stderr.write(`${USAGE}\n\nBenches:\n${list.join("\n")}\n`);
    return 2;
  }
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const report = await bench.run({ quick: wish.quick, say });
  print(wish.name, report, wish.json);
  return report.goals.every(({ ok }) => ok) ? 0 : 1;
}

function parse(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        quick: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
      },
    });
    const [name, ...others] = positionals;
    return name !== undefined && others.length === 0 ? { ...values, name } : undefined;
  } catch {
    // An option that there is not.
    return undefined;
  }
}

function print(bench: string, { rows, goals }: Report, json: boolean): void {
  const verdicts = goals.map(
    ({ name, value, goal, ok }) => `${ok ? "met   " : "MISSED"}  ${name}: ${value} (${goal})`,
  );
  process.stdout.write(`${table(rows)}\n\n${verdicts.join("\n")}\n`);
  if (json) process.stdout.write(`${JSON.stringify({ bench, rows, goals })}\n`);
}
