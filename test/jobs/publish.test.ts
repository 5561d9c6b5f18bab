import { describe, expect, it } from "vitest";
import { createPublishing } from "../../jobs/publish.ts";
import type { Effect, EffectResult } from "../../src/core/effect.ts";
import { NexusError } from "../../src/core/errors.ts";
import type { TakenEffect } from "../../src/core/record.ts";
import { sampleComment, samplePush, sampleTask } from "../contracts/samples.ts";
import { createMemoryRecord } from "../fakes/memory-record.ts";
import { logLines } from "../world/log-lines.ts";

const DONE: EffectResult = { kind: "comment", id: 1, url: "http://github/1" };
const HOLD_MS = 60_000;
const redact = (text: string) => text.replaceAll("canary", "[secret]");

/** A record with wanted effects and a clock to be moved by hand. */
async function wanting(...effects: readonly Effect[]) {
  let now = 1_000_000;
  const record = createMemoryRecord(() => now);
  for (const effect of effects) {
    const { taskId } = effect;
    await record.inbox.accept(sampleTask(taskId), []);
    const claimed = await record.tasks.claim(taskId, { worker: "w", leaseMs: 1e9 });
    await record.effects.want({ taskId, epoch: claimed?.epoch ?? 0 }, effect);
  }
  const { log, lines } = logLines();
  const performed: TakenEffect[] = [];
  const round = async (
    perform: (taken: TakenEffect, signal: AbortSignal) => Promise<EffectResult>,
    signal = new AbortController().signal,
  ) => {
    const watched = (taken: TakenEffect, until: AbortSignal) => {
      performed.push(taken);
      return perform(taken, until);
    };
    const parts = { redact, log, holdMs: HOLD_MS, onFree: () => undefined };
    const publishing = createPublishing({ ...parts, effects: record.effects, perform: watched });
    const taken = await publishing.round(signal);
    await publishing.settled();
    return taken;
  };
  const pass = (ms: number) => {
    now += ms;
  };
  return { ...record, round, pass, performed, lines };
}

const fails = (error: unknown) => async () => {
  throw error;
};

describe("an effect that is wanted", () => {
  it("is performed once and what was read back is kept", async () => {
    const world = await wanting(sampleComment("t", "c"));

    const taken = [await world.round(async () => DONE), await world.round(async () => DONE)];

    expect(taken).toEqual([1, 0]);
    expect(await world.effects.status("t/c")).toEqual({ state: "done", result: DONE });
  });

  it("is performed without a secret in its text, under its own names", async () => {
    const { wish, ...rest } = sampleComment("t", "canary", "the canary sings");
    const world = await wanting({ ...rest, repo: { owner: "canary", name: "canary" }, wish });

    await world.round(async () => DONE);

    expect(world.performed[0]?.effect).toEqual({
      ...rest,
      repo: { owner: "canary", name: "canary" },
      wish: { kind: "comment", issue: 12, marker: "canary", body: "the [secret] sings" },
    });
  });

  it("does not wait for another that hangs", async () => {
    const world = await wanting(sampleComment("slow", "c"), sampleComment("quick", "c"));
    const never = new AbortController();

    const round = world.round(({ effect }, signal) => {
      if (effect.taskId === "quick") return Promise.resolve(DONE);
      return new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    }, never.signal);
    await expect.poll(() => world.effects.status("quick/c")).toMatchObject({ state: "done" });
    never.abort(new NexusError("aborted", "stopped"));

    expect(await round).toBe(2);
  });
});

describe("an effect that fails", () => {
  it.each([
    ["a refusal", new NexusError("github.refused", "no, canary"), "no, [secret]"],
    ["a rejected push", new NexusError("git.rejected", "the branch moved"), "the branch moved"],
  ])("for good by %s is told to its task", async (_name, error, reason) => {
    const world = await wanting(sampleComment("t", "c"));

    await world.round(fails(error));

    expect(await world.effects.status("t/c")).toEqual({ state: "failed", reason });
  });

  it.each([
    ["an outage", new NexusError("github.unreachable", "gone", { retryable: true })],
    ["being stopped", new NexusError("aborted", "The call to GitHub was stopped.")],
    ["what nobody understands", new TypeError("undefined is not a function")],
    ["what is no error", "thrown text"],
  ])("by %s is tried again, a little later each time", async (_name, error) => {
    const world = await wanting(sampleComment("t", "c"));

    await world.round(fails(error));
    expect(await world.round(async () => DONE)).toBe(0);
    world.pass(1_000);
    await world.round(fails(error));
    world.pass(1_999);
    expect(await world.round(async () => DONE)).toBe(0);
    world.pass(1);

    expect(await world.round(async () => DONE)).toBe(1);
    expect(await world.effects.status("t/c")).toMatchObject({ state: "done" });
  });

  it("waits as long as GitHub asks for, not longer and not shorter", async () => {
    const asked = { retryable: true, retryAfterMs: 90_000 };
    const world = await wanting(sampleComment("t", "c"));

    await world.round(fails(new NexusError("github.rate-limited", "slow down", asked)));
    world.pass(89_999);
    expect(await world.round(async () => DONE)).toBe(0);
    world.pass(1);

    expect(await world.round(async () => DONE)).toBe(1);
  });

  it("twenty times by a bug is told to its task", async () => {
    const world = await wanting(sampleComment("t", "c"));

    for (let tries = 0; tries < 21; tries++) {
      await world.round(fails(new TypeError("gone")));
      world.pass(60_000);
    }

    expect(world.performed).toHaveLength(20);
    expect(await world.effects.status("t/c")).toEqual({ state: "failed", reason: "gone" });
  });

  it("by an outage is tried for a day, and then told to its task", async () => {
    const world = await wanting(sampleComment("t", "c"));
    const error = new NexusError("github.unreachable", "gone", { retryable: true });
    const MINUTES_OF_A_DAY = 24 * 60;

    for (let minute = 0; minute < MINUTES_OF_A_DAY; minute++) {
      await world.round(fails(error));
      world.pass(60_000);
    }
    expect(await world.effects.status("t/c")).toEqual({ state: "wanted" });
    await world.round(fails(error));

    expect(await world.effects.status("t/c")).toEqual({ state: "failed", reason: "gone" });
  });

  it.each([
    ["an outage of a day", new NexusError("github.unreachable", "gone", { retryable: true }), 1],
    ["a refusal", new NexusError("github.refused", "no"), 0],
  ])("by %s is revived by the same wish: %#", async (_name, error, taken) => {
    const world = await wanting(sampleComment("t", "c"));
    await world.round(fails(error));
    world.pass(25 * 3_600_000);
    await world.round(fails(error));

    await world.effects.want({ taskId: "t", epoch: 1 }, sampleComment("t", "c"));

    expect(await world.round(async () => DONE)).toBe(taken);
  });

  it("is logged with its reason, and the bytes of a push are not", async () => {
    const world = await wanting(samplePush("t"));

    await world.round(fails(new NexusError("git.failed", "broken")));

    expect(world.lines).toHaveLength(1);
    expect(JSON.parse(world.lines.join(""))).toMatchObject({ effect: "t/push", attempts: 1 });
  });

  it("because the result could not be kept is performed again", async () => {
    const world = await wanting(sampleComment("t", "c"));
    const { log } = logLines();
    const gone = new NexusError("store.unavailable", "gone", { retryable: true });
    const effects = { ...world.effects, done: fails(gone) };
    const signal = new AbortController().signal;

    const parts = { redact, log, holdMs: HOLD_MS, onFree: () => undefined };
    const publishing = createPublishing({ ...parts, effects, perform: async () => DONE });
    await publishing.round(signal);
    await publishing.settled();
    world.pass(1_000);

    expect(await world.round(async () => DONE)).toBe(1);
    expect(await world.effects.status("t/c")).toMatchObject({ state: "done" });
  });
});

describe("a publisher", () => {
  /** Performs that end when they are told to. */
  async function slow(effects: readonly Effect[], holdMs = HOLD_MS) {
    const world = await wanting(...effects);
    const held: string[] = [];
    const ends: (() => void)[] = [];
    let freed = 0;
    const publishing = createPublishing({
      effects: {
        ...world.effects,
        hold: async (taken, ms) => {
          held.push(taken.effect.id);
          await world.effects.hold(taken, ms);
        },
      },
      perform: (_taken, signal) => {
        return new Promise((resolve, reject) => {
          ends.push(() => resolve(DONE));
          signal.addEventListener("abort", () => reject(new NexusError("aborted", "stopped")));
        });
      },
      holdMs,
      redact,
      log: logLines().log,
      onFree: () => {
        freed += 1;
      },
    });
    return { ...world, publishing, held, ends, freed: () => freed };
  }
  const { signal } = new AbortController();

  it("does not wait for what is slow, takes no more than it has room for, and more when there is room", async () => {
    const { publishing, ends, freed } = await slow(
      Array.from({ length: 20 }, (_, i) => sampleComment(`slow-${i}`, "c")),
    );

    const taken = [await publishing.round(signal), await publishing.round(signal)];
    for (const end of ends.splice(0, 3)) end();
    await expect.poll(freed).toBe(3);
    taken.push(await publishing.round(signal));
    for (const end of ends) end();
    await publishing.settled();
    taken.push(await publishing.round(signal));
    for (const end of ends) end();
    await publishing.settled();

    expect(taken).toEqual([16, 0, 3, 1]);
  });

  it("keeps what it is slow with", async () => {
    const { publishing, effects, pass, held, ends } = await slow([samplePush("t")], 60);
    await publishing.round(signal);

    pass(59);
    await expect.poll(() => held.length).toBeGreaterThan(0);
    const before = held.length;
    await expect.poll(() => held.length).toBeGreaterThan(before);

    pass(59);
    expect(await effects.take(10, 60)).toEqual([]);
    ends[0]?.();
    await publishing.settled();
    expect(await effects.status("t/push")).toMatchObject({ state: "done" });
  });

  it("stops what takes longer than it may, but not a push", async () => {
    const world = await wanting(sampleComment("words", "c"), samplePush("code"));
    const ended: string[] = [];
    const stop = new AbortController();
    const publishing = createPublishing({
      effects: world.effects,
      perform: ({ effect }, until) =>
        new Promise((_resolve, reject) => {
          until.addEventListener("abort", () => {
            ended.push(effect.id);
            reject(new NexusError("aborted", "stopped"));
          });
        }),
      holdMs: 50,
      redact,
      log: logLines().log,
      onFree: () => undefined,
    });

    await publishing.round(stop.signal);
    await expect.poll(() => ended).toEqual(["words/c"]);
    stop.abort();
    await publishing.settled();

    expect(ended).toEqual(["words/c", "code/push"]);
  });
});
