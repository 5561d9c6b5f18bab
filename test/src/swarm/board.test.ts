import { describe, expect, it } from "vitest";
import { openBoard } from "../../../src/swarm/board.ts";

/** A store that keeps what a store of JSON keeps, and what was saved in order. */
function memory(value?: unknown) {
  const saved: unknown[] = value === undefined ? [] : [value];
  return {
    saved,
    load: async () => saved.at(-1),
    save: async (next: unknown) => void saved.push(JSON.parse(JSON.stringify(next))),
  };
}

const ITEMS = ["a", "b", "c"];

describe("a message", () => {
  it("is heard by the one it is for, once", async () => {
    const board = await openBoard(ITEMS, memory());
    const [a, b, c] = [board.seat("a"), board.seat("b"), board.seat("c")];

    await a.post("b", "I renamed it.");

    expect([b.heard(), b.heard(), c.heard(), a.heard()]).toEqual([
      [{ from: "a", text: "I renamed it." }],
      [],
      [],
      [],
    ]);
  });

  it("to all is heard by everybody else, in order", async () => {
    const board = await openBoard(ITEMS, memory());
    const [a, b, c] = [board.seat("a"), board.seat("b"), board.seat("c")];

    await a.post("all", "one");
    await c.post("all", "two");

    expect(b.heard()).toEqual([
      { from: "a", text: "one" },
      { from: "c", text: "two" },
    ]);
    expect(a.heard()).toEqual([{ from: "c", text: "two" }]);
  });

  it("is still there after a crash, for a worker that begins again, and is not posted twice", async () => {
    const store = memory();
    const before = await openBoard(ITEMS, store);
    await before.seat("a").post("b", "kept");
    before.seat("b").heard();

    const board = await openBoard(ITEMS, store);
    await board.seat("a").post("b", "kept");

    expect(board.seat("b").heard()).toEqual([{ from: "a", text: "kept" }]);
  });

  it("of another plan is not heard; notes are kept", async () => {
    const store = memory();
    const before = await openBoard(ITEMS, store);
    await before.seat("a").post("b", "old");
    await before.seat("a").note("Tests run with npm test.");

    const board = await openBoard(["a", "b"], store);

    expect(board.seat("b").heard()).toEqual([]);
    expect(board.notes()).toEqual([{ by: "a", text: "Tests run with npm test." }]);
  });

  it("from many at once is not lost", async () => {
    const store = memory();
    const board = await openBoard(ITEMS, store);
    const seats = ITEMS.map((item) => board.seat(item));

    await Promise.all(seats.flatMap((seat) => [1, 2, 3].map((n) => seat.post("all", `${n}`))));

    expect(store.saved.at(-1)).toMatchObject({ messages: { length: 9 } });
  });

  it.each([
    ["oneself", "a", "hi", "your own work item"],
    ["nobody who is there", "zzz", "hi", "The others are: b, c."],
    ["an id with a line end", "b\n", "hi", "There is no work item"],
    ["one who has ended", "c", "hi", "c has ended"],
    [
      "others, but nothing that can be seen",
      "b",
      "\u200B\u0007",
      "Nothing of the message can be seen",
    ],
  ])("to %s is refused with what is wrong", async (...[, to, text, why]) => {
    const store = memory();
    const board = await openBoard(ITEMS, store);
    board.leave("c");

    const posted = await board.seat("a").post(to, text);

    expect(posted).toEqual({ kind: "refused", why: expect.stringContaining(why) });
    expect(store.saved).toEqual([]);
  });

  it("is refused when all others have ended, or one has said too much", async () => {
    const board = await openBoard(ITEMS, memory());
    const seat = board.seat("a");
    for (let n = 0; n < 20; n += 1) await seat.post("b", `${n}`);

    const tooMany = await seat.post("b", "one more");
    board.leave("b");
    board.leave("c");
    const nobody = await seat.post("all", "hello?");

    expect(tooMany).toMatchObject({ kind: "refused", why: expect.stringContaining("20 messages") });
    expect(nobody).toMatchObject({ kind: "refused", why: expect.stringContaining("Nobody else") });
  });

  it("is handed out ten at a time, and the rest next time", async () => {
    const board = await openBoard(ITEMS, memory());
    for (let n = 0; n < 12; n += 1) await board.seat("a").post("b", `${n}`);
    const seat = board.seat("b");

    expect([seat.heard().length, seat.heard().length]).toEqual([10, 2]);
  });

  it("whose keeping fails says so, and the next one is kept with it", async () => {
    const store = memory();
    let fails = true;
    const board = await openBoard(ITEMS, {
      ...store,
      save: async (value) => {
        if (fails) throw new Error("gone");
        await store.save(value);
      },
    });

    await expect(board.seat("a").post("b", "one")).rejects.toThrow("gone");
    fails = false;
    await board.seat("a").post("b", "two");

    expect(store.saved.at(-1)).toMatchObject({ messages: [{ text: "one" }, { text: "two" }] });
  });
});

describe("a note", () => {
  it("is there for everybody who comes later, once", async () => {
    const store = memory();
    const board = await openBoard(ITEMS, store);

    await board.seat("a").note("It needs Node 24.");
    await board.seat("b").note("It needs Node 24.");

    expect((await openBoard(ITEMS, store)).notes()).toEqual([
      { by: "a", text: "It needs Node 24." },
    ]);
  });

  it("is one of ten of a worker and forty of a task", async () => {
    const items = ["a", "b", "c", "d", "e"];
    const board = await openBoard(items, memory());
    const seats = items.map((item) => board.seat(item));
    const kinds: string[] = [];
    for (const [index, seat] of seats.entries())
      for (let n = 0; n < 11; n += 1) kinds.push((await seat.note(`${index} ${n}`)).kind);

    expect(board.notes()).toHaveLength(40);
    expect(kinds.slice(0, 11)).toEqual([...Array(10).fill("kept"), "refused"]);
    expect(kinds.slice(44)).toEqual(Array(11).fill("refused"));
  });
});

it.each([
  ["nothing"],
  [{ items: 5 }],
  [{ items: ["a"], messages: [{ from: 1 }], notes: [] }],
  [null],
])("what was kept as %j is an empty board", async (value) => {
  const board = await openBoard(ITEMS, memory(value));

  expect([board.notes(), board.seat("a").heard()]).toEqual([[], []]);
});
