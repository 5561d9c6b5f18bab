import { describe, expect, it } from "vitest";
import { type Claimant, createFairSlots, type GiveBack } from "../../../src/core/fair-slots.ts";
import { seeded } from "./seeded.ts";

const never = new AbortController().signal;
/** Lets everything that can go on without the outside go on. */
const turns = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Slots whose every grant is seen. */
function watched(limit: number) {
  const slots = createFairSlots(limit);
  const granted: Claimant[] = [];
  const held: { readonly by: Claimant; readonly giveBack: GiveBack }[] = [];
  const take = (task: string, repository: string) => {
    const by = { task, repository };
    void slots.take(by, never).then((giveBack) => {
      granted.push(by);
      held.push({ by, giveBack });
    });
  };
  const end = async (at: number) => {
    held.splice(at, 1)[0]?.giveBack();
    await turns();
  };
  return { slots, take, granted, held, end, tasks: () => granted.map(({ task }) => task) };
}

describe("fair slots", () => {
  it("are never more than the limit, and every claim is served in the end", async () => {
    for (let seed = 1; seed <= 100; seed += 1) {
      const random = seeded(seed);
      const pick = (below: number) => random.int(below);
      const limit = 1 + pick(5);
      const at = watched(limit);
      let claims = 0;
      for (let move = 0; move < 60; move += 1) {
        const count = pick(4);
        claims += count;
        for (let one = 0; one < count; one += 1) at.take(`t${pick(4)}`, `r${pick(3)}`);
        await turns();
        expect(at.held.length).toBeLessThanOrEqual(limit);
        expect(at.held.length).toBe(Math.min(limit, claims - (at.granted.length - at.held.length)));
        if (at.held.length > 0) await at.end(pick(at.held.length));
      }
      while (at.held.length > 0) await at.end(0);

      expect(at.granted).toHaveLength(claims);
    }
  });

  it("let a task with one item past a task that waits with thirty", async () => {
    const at = watched(2);
    for (let item = 0; item < 30; item += 1) at.take("large", "r");
    at.take("small", "r");
    await turns();

    await at.end(0);

    expect(at.tasks()).toEqual(["large", "large", "small"]);
  });

  it("go to repositories in turn, however many tasks one of them has", async () => {
    const at = watched(1);
    for (let task = 0; task < 20; task += 1) at.take(`busy-${task}`, "busy");
    for (let item = 0; item < 3; item += 1) at.take("quiet", "calm");
    await turns();

    for (let ended = 0; ended < 5; ended += 1) await at.end(0);

    expect(at.granted.map(({ repository }) => repository)).toEqual(
      "busy busy calm busy calm busy".split(" "),
    );
  });

  it("leave nobody behind newcomers that never stop coming", async () => {
    const at = watched(1);
    at.take("first", "r");
    at.take("patient", "r");
    for (let newcomer = 0; newcomer < 50; newcomer += 1) {
      at.take(`new-${newcomer}`, "r");
      await turns();
      await at.end(0);
    }

    expect(at.tasks().indexOf("patient")).toBe(1);
    expect(at.tasks().indexOf("new-10")).toBe(12);
  });

  it("are not held by somebody whose signal fired while it waited", async () => {
    const slots = createFairSlots(1);
    const by = { task: "a", repository: "r" };
    const giveBack = await slots.take(by, never);
    const stop = new AbortController();
    const left = slots.take(by, stop.signal);
    const stays = slots.take(by, never);

    stop.abort(new Error("enough"));
    await expect(left).rejects.toThrow("enough");
    giveBack();
    giveBack();
    const last = await stays;

    await expect(slots.take(by, AbortSignal.abort(new Error("before")))).rejects.toThrow("before");
    last();
    await expect(slots.take(by, never)).resolves.toBeTypeOf("function");
  });

  it("need a limit that lets somebody in", () => {
    expect(() => createFairSlots(0)).toThrow(RangeError);
    expect(() => createFairSlots(Number.NaN)).toThrow(RangeError);
  });
});
