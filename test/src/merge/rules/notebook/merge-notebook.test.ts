import { describe, expect, it } from "vitest";
import { byRule, outcomeOf } from "../texts.ts";

interface TestCell {
  readonly id?: string;
  readonly cell_type: string;
  readonly source: string | readonly string[];
  readonly [key: string]: unknown;
}

const code = (id: string, source: string, more: object = {}): TestCell => ({
  cell_type: "code",
  execution_count: null,
  id,
  metadata: {},
  outputs: [],
  source: source.split(/(?<=\n)/),
  ...more,
});
const book = (cells: readonly TestCell[], more: object = {}, indent: string | number = 1) =>
  `${JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5, ...more }, null, indent)}\n`;
const merged = (base: string, ours: string, theirs: string) =>
  outcomeOf(byRule("a/b.ipynb", { base, ours, theirs }));
const [A, B] = [code("a", "a = 1\n"), code("b", "b = 1\n")];

describe("a notebook", () => {
  it("is written with ours' indentation, order of keys and last line", () => {
    const base = book([A, B], {}, 4).trimEnd();
    const ours = book([code("a", "a = 2\n"), B], {}, 4).trimEnd();

    expect(merged(base, ours, book([A, code("b", "b = 2\n")]))).toBe(
      book([code("a", "a = 2\n"), code("b", "b = 2\n")], {}, 4).trimEnd(),
    );
  });

  it("takes what a cell has put out from the side that changed the cell", () => {
    const ran = { execution_count: 7, outputs: [{ output_type: "stream", text: ["2"] }] };
    const again = { execution_count: 9, outputs: [{ output_type: "stream", text: ["1"] }] };
    const edited = code("a", "a = 2\n", ran);

    expect(merged(book([A, B]), book([code("a", "a = 1\n", again), B]), book([edited, B]))).toBe(
      book([edited, B]),
    );
  });

  it("keeps numbers as they are written", () => {
    const withScore = (text: string, score: string) =>
      text.replace('"metadata": {},\n "nb', `"metadata": {\n  "score": ${score}\n },\n "nb`);
    const base = withScore(book([A, B]), "1.0");
    const ours = withScore(book([code("a", "a = 2\n"), B]), "1.0");
    const theirs = withScore(book([A, code("b", "b = 2\n")]), "1.50");

    expect(merged(base, ours, theirs)).toBe(
      withScore(book([code("a", "a = 2\n"), code("b", "b = 2\n")]), "1.50"),
    );
  });

  it("may hold any keys in what its cells have put out", () => {
    const odd = JSON.parse('{"outputs": [{"__proto__": {"polluted": true}, "constructor": 1}]}');
    const edited = code("b", "b = 2\n", odd);

    const text = merged(book([A, B]), book([code("a", "a = 2\n"), B]), book([A, edited]));

    expect(text).toBe(book([code("a", "a = 2\n"), edited]));
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });
});

it.each<[string, string, string, string]>([
  [
    "a cell that both edited",
    book([code("a", "a = 2\n")]),
    book([code("a", "a = 3\n")]),
    "edited the same cell",
  ],
  [
    "one cell made of two kinds",
    book([{ ...A, cell_type: "raw" }]),
    book([{ ...A, cell_type: "markdown" }]),
    "different kinds",
  ],
  [
    "cells added at one place",
    book([A, code("x", "x\n")]),
    book([A, code("y", "y\n")]),
    "at one place",
  ],
  [
    "two cells under one id",
    book([code("x", "1\n"), A]),
    book([A, code("x", "2\n")]),
    "a cell was moved",
  ],
  [
    "a new id for both",
    book([A, code("x", "1\n")]),
    book([A, code("x", "2\n")]),
    "different cells under one id",
  ],
  [
    "metadata of a cell",
    book([{ ...A, metadata: { t: 1 } }]),
    book([{ ...A, metadata: { t: 2 } }]),
    "a cell's metadata",
  ],
  [
    "metadata of the notebook",
    book([A], { metadata: { t: 1 } }),
    book([A], { metadata: { t: 2 } }),
    "notebook's metadata",
  ],
  ["an id twice", book([A, A]), book([A, B]), "no notebook of format 4"],
  ["no JSON", `${book([A])}x`, book([A, B]), "no notebook of format 4"],
  ["another format", book([A], { nbformat: 3 }), book([A, B]), "no notebook of format 4"],
  [
    "cells that are no list",
    book([A]).replace('"cells": [', '"cells": "", "x": ['),
    book([A, B]),
    "no notebook of format 4",
  ],
  ["another layout", `${JSON.stringify(JSON.parse(book([A, B])))}\n`, book([]), "laid out"],
])("%s is a conflict", (_, ...[ours, theirs, why]) => {
  expect(merged(book([A]), ours, theirs)).toContain(why);
});
