import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { keepPresence } from "../../../sandbox/engine/presence.ts";
import { type FrozenFolders, keepFrozenFolders } from "../../../sandbox/mirror/frozen-folders.ts";
import { until } from "../../world/until.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nexus-frozen-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** What one process keeps; each call is another process to the others. */
function processKeeping(keep: number): FrozenFolders {
  const presence = keepPresence(join(folder, "processes"));
  return keepFrozenFolders(join(folder, "trees"), { keep, pins: presence.pins("trees") });
}

const fill = (tree: string) => writeFile(join(tree, "file"), tree);
const names = async () => (await readdir(join(folder, "trees"))).sort();
const areLeft = (wanted: readonly string[]) =>
  until(async () => (await names()).join() === wanted.join(), {
    what: `${wanted.join()} to be left`,
    timeoutMs: 10_000,
  });

it("keeps the trees that were taken last when they are released, and tidies the others away", async () => {
  const trees = processKeeping(2);

  for (const name of ["a", "b", "c", "d"]) await (await trees.take(name, fill)).release();

  await areLeft(["c", "d"]);
});

it("counts a tree as new when it is taken again", async () => {
  const trees = processKeeping(2);
  for (const name of ["a", "b", "a", "c"]) await (await trees.take(name, fill)).release();

  await areLeft(["a", "c"]);
});

it("keeps what is in use, by however many, until the last has released it", async () => {
  const trees = processKeeping(1);
  const [first, second] = [await trees.take("a", fill), await trees.take("a", fill)];
  for (const name of ["b", "c"]) await (await trees.take(name, fill)).release();
  await areLeft(["a", "c"]);

  await first.release();
  await trees.tidy();
  expect(await names()).toEqual(["a", "c"]);
  await second.release();

  await areLeft(["c"]);
});

it("keeps what another living process uses", async () => {
  const [mine, others] = [processKeeping(0), processKeeping(0)];
  const used = await others.take("a", fill);

  await (await mine.take("b", fill)).release();
  await areLeft(["a"]);
  await used.release();

  await areLeft([]);
});

/** A process whose second look at the pins of others is held until it is let go. */
function slowlyTidying() {
  const looking = Promise.withResolvers<void>();
  const letGo = Promise.withResolvers<void>();
  const pins = keepPresence(join(folder, "processes")).pins("trees");
  let looks = 0;
  const othersPins = async () => {
    const seen = await pins.othersPins();
    looks += 1;
    if (looks < 2) return seen;
    looking.resolve();
    await letGo.promise;
    return seen;
  };
  const trees = keepFrozenFolders(join(folder, "trees"), {
    keep: 0,
    pins: { ...pins, othersPins },
  });
  return { trees, looking: looking.promise, letGo: letGo.resolve };
}

it("moves nothing before it knows that nobody has pinned it", async () => {
  const { trees, looking, letGo } = slowlyTidying();
  await (await processKeeping(2).take("a", fill)).release();

  const tidying = trees.tidy();
  await looking;

  expect(await names()).toContain("a");
  letGo();
  await tidying;
});

it("gives nobody what another process is about to tidy away", async () => {
  const { trees, looking, letGo } = slowlyTidying();
  const others = processKeeping(2);
  await (await others.take("a", fill)).release();
  const tidying = trees.tidy();
  await looking;

  const taking = others.take("a", (tree) => writeFile(join(tree, "file"), "anew"));
  const watching = keepPresence(join(folder, "processes")).pins("trees");
  await until(async () => (await watching.othersPins()).has("a"), { what: "the pin to be seen" });
  letGo();
  const { folder: taken } = await taking;
  await tidying;

  expect(await readFile(join(taken, "file"), "utf8")).toBe("anew");
  expect(await names()).toEqual(["a"]);
});

it("does not wait for a process that has died while it tidied", async () => {
  await mkdir(join(folder, "trees", "a"), { recursive: true });
  await writeFile(join(folder, "trees", "unfinished-0123456789abcdef-leaves-a"), "");
  const trees = processKeeping(2);

  await trees.take("a", fill);
  await trees.tidy();

  expect(await names()).toEqual(["a"]);
});

it("clears up what was left half-made, but not what is being made", async () => {
  const [mine, others] = [processKeeping(2), processKeeping(2)];
  await mkdir(join(folder, "trees", "unfinished-0123456789abcdef-dead"), { recursive: true });
  await mkdir(join(folder, "trees", "unfinished-of-nobody"));
  const { promise: held, resolve: finish } = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const making = others.take("a", async (tree) => {
    begun.resolve();
    await held;
    await fill(tree);
  });
  await begun.promise;

  await mine.tidy();
  expect(await names()).toEqual([expect.stringMatching(/^unfinished-[0-9a-f]{16}-/)]);
  finish();
  await making;

  expect(await names()).toEqual(["a"]);
});

it("lets go of a tree that could not be made", async () => {
  const trees = processKeeping(0);
  const failing = trees.take("a", async () => {
    throw new Error("disk trouble");
  });

  await expect(failing).rejects.toThrow("disk trouble");
  await (await trees.take("a", fill)).release();

  await areLeft([]);
});
