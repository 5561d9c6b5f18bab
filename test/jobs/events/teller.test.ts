import { describe, expect, it } from "vitest";
import { createTeller } from "../../../jobs/events/teller.ts";
import { NexusError } from "../../../src/core/errors.ts";
import type { TaskEvent } from "../../../src/core/event.ts";
import { logLines } from "../../world/log-lines.ts";

const started = (item: string): TaskEvent => ({ kind: "item-started", item });
const GONE = new NexusError("store.unavailable", "gone", { retryable: true });

/** A teller whose record takes, refuses or never answers, as it is told. */
function world({ patienceMs = 60_000 } = {}) {
  const kept: { taskId: string; event: TaskEvent; key: string }[] = [];
  const answers: (Error | Promise<void>)[] = [];
  const shutdown = new AbortController();
  const { log, lines } = logLines();
  const teller = createTeller({
    bus: {
      async publish(taskId, event, key) {
        const answer = answers.shift();
        if (answer instanceof Error) throw answer;
        await answer;
        kept.push({ taskId, event, key });
      },
      announce: () => undefined,
    },
    redact: (text) => text.replaceAll("canary", "[secret]"),
    log,
    shutdown: shutdown.signal,
    retryMs: 1,
    patienceMs,
  });
  const events = (id: string) =>
    kept.filter(({ taskId }) => taskId === id).map(({ event }) => event);
  return { teller, kept, answers, shutdown, lines, events };
}

describe("what is told of a task", () => {
  it("is kept in its order, without secrets and under a key of its own", async () => {
    const { teller, kept, events } = world();

    teller.tell("t", { kind: "interrupted", reason: "the canary sings" });
    teller.tell("t", started("a"));
    await teller.settled("t");

    expect(events("t")).toEqual([
      { kind: "interrupted", reason: "the [secret] sings" },
      started("a"),
    ]);
    expect(new Set(kept.map(({ key }) => key)).size).toBe(2);
  });

  it("is told again under the same key until the record takes it, and what follows waits", async () => {
    const { teller, answers, events } = world();
    answers.push(GONE, GONE);

    teller.tell("t", started("a"));
    teller.tell("t", started("b"));
    await teller.settled("t");

    expect(events("t")).toEqual([started("a"), started("b")]);
  });

  it("is passed over where the record will never take it", async () => {
    const { teller, answers, events, lines } = world();
    answers.push(new NexusError("store.unavailable", "wrong password"));

    teller.tell("t", started("a"));
    teller.tell("t", started("b"));
    await teller.settled("t");

    expect(events("t")).toEqual([started("b")]);
    expect(lines.join("")).toContain("event not kept");
  });

  it("does not wait for what is told of another task", async () => {
    const { teller, answers, events } = world();
    const { promise, resolve } = Promise.withResolvers<void>();
    answers.push(promise);

    teller.tell("slow", started("a"));
    await Promise.resolve();
    teller.tell("t", started("b"));
    await teller.settled("t");

    expect(events("t")).toEqual([started("b")]);
    resolve();
    await teller.settled("slow");
    expect(events("slow")).toEqual([started("a")]);
  });

  it("is waited for no longer than is good", async () => {
    const { teller, answers, events } = world({ patienceMs: 1 });
    answers.push(new Promise(() => undefined));

    teller.tell("t", started("a"));
    await teller.settled("t");

    expect(events("t")).toEqual([]);
  });

  it("is bounded while nothing is taken", async () => {
    const { teller, answers, events, lines } = world();
    const { promise, resolve } = Promise.withResolvers<void>();
    answers.push(promise);

    for (let at = 0; at < 1_500; at++) teller.tell("t", started(`i${at}`));
    resolve();
    await teller.settled("t");

    expect(events("t")).toHaveLength(1_000);
    expect(lines.filter((line) => line.includes("too many wait"))).toHaveLength(500);
  });

  it("is given up when the process stops and the record is gone", async () => {
    const { teller, answers, shutdown, events } = world();
    answers.push(...Array.from({ length: 10 }, () => GONE));
    shutdown.abort();

    teller.tell("t", started("a"));
    teller.tell("t", started("b"));
    await teller.settled("t");

    expect(events("t")).toEqual([]);
  });

  it("fails nobody, also where it makes no sense", async () => {
    const { teller, events, lines } = world();

    teller.tell("t", { kind: "claimed", crashes: Number.NaN });
    teller.tell("t", started("a"));
    await teller.settled("t");

    expect(events("t")).toEqual([started("a")]);
    expect(lines.join("")).toContain("event left out");
  });
});
