import { describe, expect, it } from "vitest";
import { publish } from "../../jobs/publish.ts";
import type { Effect, EffectResult } from "../../src/core/effect.ts";
import { NexusError } from "../../src/core/errors.ts";
import type { TakenEffect } from "../../src/core/record.ts";
import { sampleComment, samplePush, sampleTask } from "../contracts/samples.ts";
import { createMemoryRecord } from "../fakes/memory-record.ts";
import { logLines } from "../world/log-lines.ts";

const DONE: EffectResult = { kind: "comment", id: 1, url: "http://github/1" };
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
  const round = (
    perform: (taken: TakenEffect, signal: AbortSignal) => Promise<EffectResult>,
    signal = new AbortController().signal,
  ) => {
    const watched = (taken: TakenEffect, until: AbortSignal) => {
      performed.push(taken);
      return perform(taken, until);
    };
    return publish({ effects: record.effects, perform: watched, redact, log }, signal);
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

  it("twenty times is told to its task", async () => {
    const world = await wanting(sampleComment("t", "c"));
    const error = new NexusError("github.unreachable", "gone", { retryable: true });

    for (let tries = 0; tries < 20; tries++) {
      await world.round(fails(error));
      world.pass(60_000);
    }

    expect(world.performed).toHaveLength(20);
    expect(await world.effects.status("t/c")).toEqual({ state: "failed", reason: "gone" });
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

    await publish({ effects, perform: async () => DONE, redact, log }, signal);
    world.pass(1_000);

    expect(await world.round(async () => DONE)).toBe(1);
    expect(await world.effects.status("t/c")).toMatchObject({ state: "done" });
  });
});
