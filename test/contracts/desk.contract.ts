import { describe, expect, it } from "vitest";
import type { Answer, Desk, LimitRule } from "../../src/models/limiter/desk.ts";

/** A desk on a clock that the test can move, or on real time that passes while `pass` waits. */
export interface DeskWorld extends AsyncDisposable {
  readonly desk: Desk;
  pass(ms: number): Promise<void>;
}

const OPEN: LimitRule = { name: "vendor", rate: undefined, concurrency: 2 };
/** With what is added for the road: 100 ms from one call to the next. */
const TIGHT: LimitRule = { ...OPEN, rate: { count: 2, windowMs: 100 }, concurrency: 8 };

/** What every desk promises, wherever its state is. */
export function deskContract(name: string, open: () => Promise<DeskWorld>): void {
  /** Asks again, as time passes, until it is this ticket's turn. */
  async function turnOf({ desk, pass }: DeskWorld, rule: LimitRule, ticket: string) {
    for (;;) {
      const answer = await desk.ask(rule, ticket);
      if (answer.kind === "granted") return answer.at;
      await pass(answer.askAgainMs);
    }
  }
  const kinds = (answers: readonly Answer[]) => answers.map(({ kind }) => kind);

  describe(name, () => {
    it("lets as many run at once as the rule says, and the next one when one has ended", async () => {
      await using world = await open();
      const { desk } = world;

      const first = [await desk.ask(OPEN, "a"), await desk.ask(OPEN, "b")];
      const third = await desk.ask(OPEN, "c");
      await desk.end(OPEN, "a", { kind: "done" });
      const again = await desk.ask(OPEN, "c");

      expect(kinds([...first, third, again])).toEqual(["granted", "granted", "wait", "granted"]);
    });

    it("keeps the line: who came later does not go first", async () => {
      await using world = await open();
      const { desk } = world;
      for (const ticket of ["a", "b"]) await desk.ask(OPEN, ticket);
      await desk.ask(OPEN, "c");
      await desk.ask(OPEN, "d");

      await desk.end(OPEN, "b", { kind: "done" });
      const answers = [await desk.ask(OPEN, "d"), await desk.ask(OPEN, "c")];

      expect(kinds(answers)).toEqual(["wait", "granted"]);
    });

    it("who leaves the line holds up nobody", async () => {
      await using world = await open();
      const { desk } = world;
      for (const ticket of ["a", "b", "c", "d"]) await desk.ask(OPEN, ticket);

      await desk.leave(OPEN, "c");
      await desk.end(OPEN, "a", { kind: "failed" });

      expect(await desk.ask(OPEN, "d")).toMatchObject({ kind: "granted" });
    });

    it("begins as far apart as the rate says, never in a burst, the first one too", async () => {
      await using world = await open();
      const early = await world.desk.ask(TIGHT, "t0");

      const times: number[] = [];
      for (const ticket of ["t0", "t1", "t2", "t3"]) {
        times.push(await turnOf(world, TIGHT, ticket));
      }

      expect(early.kind).toBe("wait");
      const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      // Redis rounds to thousandths of a millisecond.
      for (const gap of gaps) expect(gap).toBeGreaterThan(99.99);
    });

    it("says what a place in the line will take at least", async () => {
      await using world = await open();
      await world.desk.ask(TIGHT, "a");
      await world.desk.ask(TIGHT, "b");

      const answer = await world.desk.ask(TIGHT, "c");

      if (answer.kind !== "wait") throw new Error("It was let go.");
      expect(answer.expectedMs).toBeGreaterThanOrEqual(200);
      expect(answer.expectedMs).toBeLessThanOrEqual(300);
    });

    it("is silent for as long as the vendor asks", async () => {
      await using world = await open();
      const { desk } = world;
      for (const ticket of ["a", "b"]) await desk.ask(OPEN, ticket);
      await desk.end(OPEN, "a", { kind: "limited", retryAfterMs: 50_000 });
      await desk.end(OPEN, "b", { kind: "limited", retryAfterMs: 10 });

      const answer = await desk.ask(OPEN, "c");

      expect(answer.kind === "wait" && answer.expectedMs).toBeGreaterThan(20_000);
    });

    it("but for no longer than a minute", async () => {
      await using world = await open();
      const { desk } = world;
      await desk.ask(OPEN, "a");
      await desk.end(OPEN, "a", { kind: "limited", retryAfterMs: 3_600_000 });

      const answer = await desk.ask(OPEN, "c");

      expect(answer.kind === "wait" && answer.expectedMs).toBeLessThanOrEqual(60_000);
    });

    it("runs half as many after it was too much", async () => {
      await using world = await open();
      const { desk } = world;
      for (const ticket of ["a", "b"]) await desk.ask(OPEN, ticket);
      for (const ticket of ["a", "b"]) {
        await desk.end(OPEN, ticket, { kind: "limited", retryAfterMs: 1 });
      }

      await turnOf(world, OPEN, "c");

      await world.pass(10);
      expect(await desk.ask(OPEN, "d")).toMatchObject({ kind: "wait" });
    });

    it("grows back with the calls that go well", async () => {
      await using world = await open();
      const { desk, pass } = world;
      await desk.ask(OPEN, "a");
      await desk.end(OPEN, "a", { kind: "limited", retryAfterMs: 1 });
      await pass(2);

      for (let index = 0; index < 21; index++) {
        await turnOf(world, OPEN, `good ${index}`);
        await desk.end(OPEN, `good ${index}`, { kind: "done" });
      }
      const answers = [await desk.ask(OPEN, "x"), await desk.ask(OPEN, "y")];

      expect(kinds(answers)).toEqual(["granted", "granted"]);
    });

    it("vendors have nothing to do with each other", async () => {
      await using world = await open();
      const { desk } = world;
      for (const ticket of ["a", "b"]) await desk.ask(OPEN, ticket);

      const other = await desk.ask({ ...OPEN, name: "other" }, "c");

      expect(other.kind).toBe("granted");
    });
  });
}
