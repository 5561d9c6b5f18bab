import { access } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Account, openAccount } from "../../src/core/account.ts";
import { checkoutInto } from "../../src/git/checkout.ts";
import { meteredModel } from "../../src/models/metered-model.ts";
import { openModel } from "../../src/models/open-model.ts";
import { createLocalSandbox } from "../fakes/local-sandbox.ts";
import { memoryLedger } from "../fakes/memory-ledger.ts";
import { type LocalRoad, openLocalRoad, type RoadEnd } from "../world/local-road.ts";
import { startScriptedModel } from "../world/model/scripted-model.ts";
import { chaosModel, KEY, OTHER_MODEL, PERSONAS, type Persona } from "./chaos-model.ts";
import { CHAOS_FILES } from "./chaos-repository.ts";
import { chancesIn, faultsOf } from "./judge.ts";

/** A second try of all runs would say no more than the first. */
const LONG = { timeout: 2_700_000, retry: 0 };
const RUNS = 500;
const AT_ONCE = 4;
/** Far more than any bounded run asks: 3 items and 2 corrections of 40 steps, and a plan with its look-ups. */
const MOST_REQUESTS = 400;
/** Every so many runs one has little money. */
const POOR = 7;
/** A token costs a millionth of a dollar. */
const PRICING = { kind: "priced", price: { input: 1_000_000, output: 1_000_000 } } as const;
const LEAST_RUNS = 30;
const KINDS: readonly Persona[] = [...PERSONAS, "mixed", "mixed", "mixed"];

interface Run {
  readonly seed: number;
  readonly persona: Persona;
}

async function ranOn(road: LocalRoad, { seed, persona }: Run) {
  await using server = await startScriptedModel(chaosModel(seed, persona));
  const account = seed % POOR === 0 ? poorAccount(seed) : undefined;
  const opened = (name: string) => {
    const bounds = { baseUrl: server.url, apiKey: KEY, timeoutMs: 120_000, maxTries: 1 };
    const model = openModel({ provider: "local", model: name, ...bounds });
    return account
      ? meteredModel(model, { account, pricing: PRICING, maxOutputTokens: 1_000 })
      : model;
  };
  const end: RoadEnd = await road.run({
    files: CHAOS_FILES,
    request: "let everybody answer yes",
    model: opened("chaos"),
    otherModel: opened(OTHER_MODEL),
    account,
    limits: { workers: 3, corrections: 2 },
  });
  const many = server.requests.length > MOST_REQUESTS ? ["asked the model without end"] : [];
  const faults = [...(await faultsOf(end)), ...many];
  return { seed, persona, kind: end.outcome.kind, faults, chances: chancesIn(end) };
}

/** Enough for a plan and some of the work. */
function poorAccount(seed: number): Account {
  const ledger = memoryLedger();
  const caps = { task: 60_000 * (1 + (seed % 5)) };
  return openAccount({ ledger, caps, task: `${seed}`, repository: "chaos", leaseMs: 600_000 });
}

type Ran = Awaited<ReturnType<typeof ranOn>>;

/** All runs, some at once. */
async function ranAll(road: LocalRoad, runs: readonly Run[]): Promise<readonly Ran[]> {
  const ran: Ran[] = [];
  const left = [...runs];
  const one = async () => {
    for (let next = left.shift(); next; next = left.shift()) ran.push(await ranOn(road, next));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return ran;
}

function runsOf(count: number, first = 1): readonly Run[] {
  return Array.from({ length: count }, (_, at) => {
    return { seed: first + at, persona: KINDS[at % KINDS.length] ?? "mixed" };
  });
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

/** The chances that no run had. */
function neverIn(ran: readonly Ran[]): readonly string[] {
  const names = Object.keys(ran[0]?.chances ?? {});
  return names.filter((name) => ran.every(({ chances }) => !chances[name]));
}

function kindsIn(ran: readonly Ran[]): ReadonlySet<string> {
  return new Set(ran.map(({ kind }) => kind));
}

describe("a model that lies, loops, obeys, trespasses, deletes tests, breaks off, refuses and contradicts itself", () => {
  it(
    `makes Nexus say nothing that is not so and touch nothing that is not its own, in ${RUNS} runs`,
    LONG,
    async () => {
      const sandbox = createLocalSandbox(checkoutInto);
      await using road = await openLocalRoad("chaos", sandbox);

      const ran = await ranAll(road, runsOf(RUNS));

      expect(ran.filter(({ faults }) => faults.length > 0)).toEqual([]);
      expect(ran).toHaveLength(RUNS);
      // It was no quiet day: work was proposed, refused by checks, and given up.
      expect([...kindsIn(ran)]).toEqual(
        expect.arrayContaining([
          "proposed",
          "checks-failed",
          "model-failed",
          "budget-exhausted",
          "asks",
        ]),
      );
      const runsBy = Map.groupBy(ran, ({ persona }) => persona);
      expect([...runsBy].filter(([, { length }]) => length < LEAST_RUNS)).toEqual([]);
      expect(neverIn(ran)).toEqual([]);
      expect(await isThere(join(tmpdir(), "escaped.txt"))).toBe(false);
    },
  );

  it("changes nothing about that in the real sandbox", LONG, async () => {
    await using road = await openLocalRoad("chaos-docker");

    const ran = await ranAll(road, runsOf(KINDS.length, 10_000));

    expect(ran.filter(({ faults }) => faults.length > 0)).toEqual([]);
    expect(ran).toHaveLength(KINDS.length);
  });
});
