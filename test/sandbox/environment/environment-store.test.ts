import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keepPresence, type Pins } from "../../../sandbox/engine/presence.ts";
import { claim } from "../../../sandbox/environment/claim.ts";
import {
  keepEnvironments,
  type Made,
  type StoreKeeping,
} from "../../../sandbox/environment/environment-store.ts";

const never = new AbortController().signal;
const GONE = "0".repeat(16);

describe("the store of environments", () => {
  let folder: string;
  let root: string;
  let pins: Pins;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "nexus-store-"));
    root = join(folder, "environments");
    await mkdir(root);
    pins = keepPresence(join(folder, "processes")).pins("environments");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const storeWith = (keeping: Partial<StoreKeeping>) =>
    keepEnvironments({
      root,
      pins,
      budgetBytes: 0,
      hasImage: async () => true,
      removeImage: async () => true,
      ...keeping,
    });
  const made = (image: string): Made => ({ image, bytes: 1, layers: [] });

  it("goes on counting what it could not remove, and comes back to it", async () => {
    const answers = [Promise.reject(new Error("busy")), Promise.resolve(true)];
    answers[0]?.catch(() => undefined);
    const store = storeWith({ removeImage: () => answers.shift() ?? Promise.resolve(true) });
    await (await store.take("a", async () => made("i"), never)).release();

    await expect(store.tidy()).rejects.toThrow("busy");

    expect(await readdir(root)).toEqual(["a"]);
    expect([...(await store.images())]).toEqual(["i"]);
    await store.tidy();
    expect(await readdir(root)).toEqual([]);
  });

  it("takes what another has made in the meantime, and drops its own", async () => {
    const removed: string[] = [];
    const store = storeWith({ removeImage: async (id) => removed.push(id) > 0 });
    const others = async () => {
      await mkdir(join(root, "a"));
      await writeFile(join(root, "a/made.json"), JSON.stringify(made("theirs")));
      return made("ours");
    };

    const kept = await store.take("a", others, never);

    expect(kept.record.image).toBe("theirs");
    expect(removed).toEqual(["ours"]);
    await kept.release();
  });

  it("lets no second maker clear the claim of the first that followed a dead one", async () => {
    const place = join(root, "claim-a");
    await writeFile(place, GONE);
    // Between the look at who holds it and the clearing, another living process has taken it over.
    let looks = 0;
    const slow: Pins = {
      ...pins,
      async lifeOf(process) {
        looks += 1;
        if (looks === 1) await writeFile(place, "another");
        return process === GONE ? "gone" : "living";
      },
    };
    const stop = new AbortController();

    const claiming = claim({ root, name: "a", pins: slow, signal: stop.signal });
    const settled = expect(claiming).rejects.toMatchObject({ code: "aborted" });
    await expect.poll(() => looks, { timeout: 60_000 }).toBeGreaterThan(1);
    stop.abort();
    await settled;

    expect(await readFile(place, "utf8")).toBe("another");
  });

  it("gives back no claim that another holds by now", async () => {
    const claimed = await claim({ root, name: "a", pins, signal: never });
    await writeFile(join(root, "claim-a"), "another");

    await claimed[Symbol.asyncDispose]();

    expect(await readdir(root)).toEqual(["claim-a"]);
  });
});
