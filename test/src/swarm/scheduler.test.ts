import { describe, expect, it } from "vitest";
import { inOrder, runItems } from "../../../src/swarm/scheduler.ts";

interface Item {
  readonly id: string;
  readonly dependsOn: readonly string[];
  readonly estimate?: "small" | "medium" | "large";
}

const item = (id: string, ...dependsOn: string[]): Item => ({ id, dependsOn });
const never = new AbortController().signal;

/** A `run` whose items end when the test says so. */
function stage() {
  const open = new Map<string, PromiseWithResolvers<string>>();
  const started: string[] = [];
  const settle = async (id: string, end: (item: PromiseWithResolvers<string>) => void) => {
    const running = open.get(id);
    if (!running) throw new Error(`${id} does not run.`);
    open.delete(id);
    end(running);
    await turns();
  };
  return {
    started,
    running: () => [...open.keys()],
    run: (next: Item) => {
      started.push(next.id);
      const gate = Promise.withResolvers<string>();
      open.set(next.id, gate);
      return gate.promise;
    },
    finish: (id: string) => settle(id, (running) => running.resolve(`result of ${id}`)),
    fail: (id: string) => settle(id, (running) => running.reject(new Error(`${id} broke`))),
  };
}

const byId = (a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id);

/** Lets everything that can go on without the outside go on. */
const turns = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Numbers between 0 and 1, the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

function randomItems(random: () => number): Item[] {
  const count = 1 + Math.floor(random() * 20);
  const items = Array.from({ length: count }, (_, i) =>
    item(`i${i}`, ...Array.from({ length: i }, (__, j) => `i${j}`).filter(() => random() < 0.25)),
  );
  return items.toSorted(() => random() - 0.5);
}

/** Runs items that end in a random order; returns what could be seen. */
async function randomRun(seed: number, failing: string | undefined) {
  const random = seeded(seed);
  const items = randomItems(random);
  const limit = 1 + Math.floor(random() * 5);
  const at = stage();
  const log: string[] = [];
  let most = 0;
  const ran = runItems<Item, string>({
    items,
    limit,
    signal: never,
    run: (next, before) => {
      const all = transitive(items, next);
      if (all.some((id) => !log.includes(`end ${id}`))) throw new Error(`${next.id} is too early`);
      if ([...before.keys()].toSorted().join() !== all.toSorted().join()) {
        throw new Error(`${next.id} got the results of ${[...before.keys()].join()}`);
      }
      log.push(`start ${next.id}`);
      return at.run(next);
    },
  });
  await turns();
  while (at.running().length > 0) {
    most = Math.max(most, at.running().length);
    expect(at.running().length).toBeLessThanOrEqual(limit);
    const id = at.running()[Math.floor(random() * at.running().length)] ?? "";
    log.push(`end ${id}`);
    await (id === failing ? at.fail(id) : at.finish(id));
  }
  return { items, limit, most, log, ran: await ran };
}

function transitive(items: readonly Item[], { dependsOn }: Item): string[] {
  const all = new Set(dependsOn);
  for (const id of all)
    for (const next of items.find((i) => i.id === id)?.dependsOn ?? []) all.add(next);
  return [...all];
}

const SEEDS = Array.from({ length: 200 }, (_, i) => i + 1);

describe("runItems", () => {
  it("runs every item of any graph once, in order, within the limit", async () => {
    for (const seed of SEEDS) {
      const { items, log, ran } = await randomRun(seed, undefined);

      expect(ran.failures).toEqual([]);
      expect(ran.notStarted).toEqual([]);
      expect([...ran.results.keys()].toSorted()).toEqual(items.map(({ id }) => id).toSorted());
      expect(log.filter((line) => line.startsWith("start"))).toHaveLength(items.length);
    }
  });

  it("does the same thing again for the same ends", async () => {
    for (const seed of SEEDS.slice(0, 50)) {
      const [first, second] = [await randomRun(seed, "i2"), await randomRun(seed, "i2")];

      expect(second.log).toEqual(first.log);
    }
  });

  it("fails what builds on a failed item, with its name, and runs everything else", async () => {
    for (const seed of SEEDS) {
      const { items, ran } = await randomRun(seed, "i0");

      const lost = items.filter((one) => transitive(items, one).includes("i0"));
      const rest = items.filter(({ id }) => id !== "i0" && !lost.some((one) => one.id === id));
      expect(ran.failures).toEqual([{ id: "i0", error: new Error("i0 broke") }]);
      expect([...ran.results.keys()].toSorted()).toEqual(rest.map(({ id }) => id).toSorted());
      expect(ran.notStarted.toSorted(byId)).toEqual(
        lost.map(({ id }) => ({ id, because: "i0" })).toSorted(byId),
      );
    }
  });

  it("runs all independent items at once when the limit allows it", async () => {
    const at = stage();
    const items = ["a", "b", "c", "d"].map((id) => item(id));
    const ran = runItems({ items, limit: 10, run: at.run, signal: never });
    await turns();

    expect(at.running()).toEqual(["a", "b", "c", "d"]);
    for (const { id } of items) await at.finish(id);
    expect((await ran).results.size).toBe(4);
  });

  it("starts an item the moment its own dependencies are done, not when a wave is", async () => {
    const at = stage();
    const items = [item("slow"), item("quick"), item("next", "quick")];
    const ran = runItems({ items, limit: 2, run: at.run, signal: never });
    await turns();

    await at.finish("quick");

    expect(at.running()).toEqual(["slow", "next"]);
    await at.finish("slow");
    await at.finish("next");
    await ran;
  });

  it("lets the longest remaining chain go first, and the plan's order decide otherwise", async () => {
    const at = stage();
    const items = [item("x"), item("y"), item("a"), item("b", "a"), item("c", "b")];
    const ran = runItems({ items, limit: 1, run: at.run, signal: never });
    await turns();

    while (at.running().length > 0) await at.finish(at.running()[0] ?? "");

    expect(at.started).toEqual(["a", "b", "x", "y", "c"]);
    await ran;
  });

  it("measures chains by the estimates of their items, and takes what has none for medium", async () => {
    const at = stage();
    const items: Item[] = [
      { ...item("s"), estimate: "small" },
      item("m"),
      { ...item("a"), estimate: "small" },
      { ...item("b", "a"), estimate: "small" },
      { ...item("c", "b"), estimate: "small" },
      { ...item("l"), estimate: "large" },
    ];
    const ran = runItems({ items, limit: 1, run: at.run, signal: never });
    await turns();

    while (at.running().length > 0) await at.finish(at.running()[0] ?? "");

    expect(at.started).toEqual(["l", "a", "m", "b", "s", "c"]);
    await ran;
  });

  it("gives an item the results of all it depends on", async () => {
    const seen: unknown[] = [];
    await runItems<Item, string>({
      items: [item("a"), item("b", "a"), item("c", "b"), item("other")],
      limit: 1,
      signal: never,
      run: async (next, before) => {
        if (next.id === "c") seen.push(...before);
        return next.id.toUpperCase();
      },
    });

    expect(seen).toEqual([
      ["a", "A"],
      ["b", "B"],
    ]);
  });

  it("starts nothing more after a failure that is everybody's, and keeps what ran on", async () => {
    const at = stage();
    const items = [item("a"), item("b"), item("c"), item("d", "a")];
    const stopsAll = (error: unknown) => error instanceof Error && error.message === "a broke";
    const ran = runItems({ items, limit: 2, run: at.run, stopsAll, signal: never });
    await turns();

    await at.fail("a");
    await at.finish("b");

    expect(await ran).toEqual({
      results: new Map([["b", "result of b"]]),
      failures: [{ id: "a", error: new Error("a broke") }],
      notStarted: [
        { id: "c", because: undefined },
        { id: "d", because: "a" },
      ],
    });
    expect(at.started).toEqual(["a", "b"]);
  });

  it("takes a run that throws at once as a failure", async () => {
    const ran = await runItems<Item, string>({
      items: [item("a"), item("b", "a")],
      limit: 1,
      signal: never,
      run: () => {
        throw new Error("at once");
      },
    });

    expect(ran.failures).toEqual([{ id: "a", error: new Error("at once") }]);
    expect(ran.notStarted).toEqual([{ id: "b", because: "a" }]);
  });

  it("stops on the signal, but not before what runs has ended", async () => {
    const stop = new AbortController();
    const at = stage();
    const items = [item("a"), item("b", "a")];
    let ended = false;
    const ran = runItems({ items, limit: 1, run: at.run, signal: stop.signal });
    const watched = ran.finally(() => {
      ended = true;
    });
    await turns();

    stop.abort();
    await turns();
    expect(ended).toBe(false);
    const check = expect(watched).rejects.toMatchObject({ code: "aborted" });
    await at.finish("a");

    await check;
    expect(at.started).toEqual(["a"]);
  });

  it("starts nothing when the signal fired before", async () => {
    const at = stage();
    const ran = runItems({
      items: [item("a")],
      limit: 1,
      run: at.run,
      signal: AbortSignal.abort(),
    });

    await expect(ran).rejects.toMatchObject({ code: "aborted" });
    expect(at.started).toEqual([]);
  });

  it("has nothing to do without items", async () => {
    const ran = await runItems({ items: [], limit: 1, run: stage().run, signal: never });

    expect(ran).toEqual({ results: new Map(), failures: [], notStarted: [] });
  });

  it.each<[string, { items: Item[]; limit?: number }, string]>([
    ["items that wait for each other", { items: [item("a", "b"), item("b", "a")] }, "a → b → a"],
    ["an item that waits for itself", { items: [item("a", "a")] }, "a → a"],
    ["an unknown dependency", { items: [item("a", "zzz")] }, "zzz"],
    ["the same id twice", { items: [item("a"), item("a")] }, "share an id"],
    ["a limit of none", { items: [item("a")], limit: 0 }, "At least one"],
    ["a limit that is no number", { items: [item("a")], limit: Number.NaN }, "At least one"],
  ])("throws at once on %s", async (_, { items, limit = 1 }, message) => {
    const at = stage();

    await expect(runItems({ items, limit, run: at.run, signal: never })).rejects.toThrow(message);
    expect(at.started).toEqual([]);
  });
});

describe("inOrder", () => {
  it("puts what an item depends on before it and keeps the order otherwise", () => {
    const items = [item("c", "b"), item("x"), item("b", "a"), item("a")];

    expect(inOrder(items).map(({ id }) => id)).toEqual(["x", "a", "b", "c"]);
  });

  it("passes over unknown ids", () => {
    expect(inOrder([item("a", "zzz")]).map(({ id }) => id)).toEqual(["a"]);
  });
});
