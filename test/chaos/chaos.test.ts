import { access } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkoutInto } from "../../src/git/checkout.ts";
import { openModel } from "../../src/models/open-model.ts";
import { createLocalSandbox } from "../fakes/local-sandbox.ts";
import { type LocalRoad, openLocalRoad, type RoadEnd } from "../world/local-road.ts";
import { startScriptedModel } from "../world/model/scripted-model.ts";
import { chaosModel, PERSONAS, type Persona } from "./chaos-model.ts";
import { CHAOS_FILES } from "./chaos-repository.ts";
import { faultsOf } from "./judge.ts";

const RUNS = 500;
const AT_ONCE = 4;
/** Far more than any bounded run asks: 3 items and 2 corrections of 40 steps, and a plan with its look-ups. */
const MOST_REQUESTS = 400;
const KINDS: readonly Persona[] = [...PERSONAS, "mixed", "mixed", "mixed"];

interface Run {
  readonly seed: number;
  readonly persona: Persona;
}

async function ranOn(road: LocalRoad, { seed, persona }: Run) {
  await using server = await startScriptedModel(chaosModel(seed, persona));
  const bounds = { baseUrl: server.url, timeoutMs: 120_000, maxTries: 1 };
  const model = openModel({ provider: "local", model: "chaos", ...bounds });
  const end: RoadEnd = await road.run({
    files: CHAOS_FILES,
    request: "let everybody answer yes",
    model,
    limits: { workers: 3, corrections: 2 },
  });
  const many = server.requests.length > MOST_REQUESTS ? ["asked the model without end"] : [];
  const faults = [...(await faultsOf(end)), ...many];
  return { seed, persona, kind: end.outcome.kind, faults };
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

function kindsIn(ran: readonly Ran[]): ReadonlySet<string> {
  return new Set(ran.map(({ kind }) => kind));
}

describe("a model that lies, loops, obeys, trespasses, deletes tests, breaks off, refuses and contradicts itself", () => {
  it(`makes Nexus say nothing that is not so and touch nothing that is not its own, in ${RUNS} runs`, async () => {
    const sandbox = createLocalSandbox(checkoutInto);
    await using road = await openLocalRoad("chaos", sandbox);

    const ran = await ranAll(road, runsOf(RUNS));

    expect(ran.filter(({ faults }) => faults.length > 0)).toEqual([]);
    expect(ran).toHaveLength(RUNS);
    // It was no quiet day: work was proposed, refused by checks, and given up.
    expect([...kindsIn(ran)]).toEqual(
      expect.arrayContaining(["proposed", "checks-failed", "model-failed"]),
    );
    expect(await isThere(join(tmpdir(), "escaped.txt"))).toBe(false);
  }, 1_800_000);

  it("changes nothing about that in the real sandbox", async () => {
    await using road = await openLocalRoad("chaos-docker");

    const ran = await ranAll(road, runsOf(KINDS.length, 10_000));

    expect(ran.filter(({ faults }) => faults.length > 0)).toEqual([]);
    expect(ran).toHaveLength(KINDS.length);
  }, 1_800_000);
});
