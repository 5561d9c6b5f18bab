import { describe, expect, it } from "vitest";
import { failingPlaces } from "../../../../src/healing/places/failing-places.ts";
import { FILES, OUTPUTS } from "./outputs.ts";

const PLAIN = { file: undefined, line: undefined, column: undefined, code: undefined };

describe("the failing place", () => {
  it.each(OUTPUTS)("in the output of %s is found", (...[, output, first]) => {
    const { places, followers } = failingPlaces(output, FILES);

    const [{ frames: _, excerpt: __, ...found } = { frames: [], excerpt: "" }, ...others] = places;
    expect(found).toEqual({ ...PLAIN, test: undefined, ...first });
    expect(others).toEqual([]);
    expect(followers).toBe(0);
  });

  it.each(OUTPUTS)(
    "in the output of %s is told with the lines it was read from",
    (...[, output]) => {
      const [place] = failingPlaces(output, FILES).places;

      expect(place?.excerpt).not.toBe("");
    },
  );

  it.each([
    ["that the repository does not have", "src/other.ts(2,14): error TS2322: No.\n"],
    ["of a dependency", "/srv/repo/node_modules/src/cart.ts:3:1: error: No.\n"],
    ["of the system", "/usr/lib/src/cart.ts:3:1: error: No.\n"],
    ["that nothing is said against", "src/cart.ts:3:1: note: declared here\n"],
  ])("is no file %s", (...[, output]) => {
    expect(failingPlaces(output, FILES).places).toEqual([]);
  });

  it("is not guessed where two files may be meant", () => {
    const files = ["a/cart_test.go", "b/cart_test.go"];

    const { places } = failingPlaces("--- FAIL: TestAdd\n    cart_test.go:3: no\n", files);

    expect(places).toMatchObject([{ file: undefined, test: "TestAdd" }]);
  });

  it("comes with the frames of its stack that lie in the repository, the innermost first", () => {
    const output =
      "Error: empty\n    at total (/r/src/cart.ts:3:9)\n    at x (/r/node_modules/x/i.js:1:1)\n    at /r/src/main.ts:7:1\n";

    expect(failingPlaces(output, FILES).places[0]?.frames).toEqual([
      { file: "src/cart.ts", line: 3 },
      { file: "src/main.ts", line: 7 },
    ]);
  });

  it("with a line comes before the one that is a file alone, and errors before warnings", () => {
    const output = [
      "[error] src/main.ts",
      "src/cart.ts:1:1: warning: first",
      "src/cart.ts:9:1: error: last",
    ].join("\n");

    const { places } = failingPlaces(output, FILES);

    expect(places.map(({ file, line }) => [file, line])).toEqual([
      ["src/cart.ts", 9],
      ["src/main.ts", undefined],
    ]);
  });

  it("of a warning counts where there is no error", () => {
    const { places } = failingPlaces("src/cart.ts:1:1: warning: unused\n", FILES);

    expect(places).toMatchObject([{ file: "src/cart.ts", message: "unused" }]);
  });

  it("is one of twenty at most; the others are counted", () => {
    const rows = Array.from({ length: 30 }, (_, at) => `src/cart.ts:${at + 1}:1: error: e${at}`);

    const { places, followers } = failingPlaces(rows.join("\n"), FILES);

    expect(places).toHaveLength(20);
    expect(places[0]).toMatchObject({ line: 1, message: "e0" });
    expect(followers).toBe(10);
  });
});

describe("hostile output", () => {
  const long = 1_000_000;
  it.each([
    ["one line of blanks", " ".repeat(long)],
    ["one line of digits and colons", "1:".repeat(long / 2)],
    ["one line of opening brackets", "a(1,".repeat(long / 4)],
    ["one line of words", "at in line a.b ".repeat(long / 15)],
    ["an escape that never ends", `\u001b[${"0;".repeat(long / 2)}`],
    ["many escapes that never end", "\u001b]".repeat(long / 2)],
    ["nothing but line ends", "\n".repeat(long)],
    ["blanks before a word", `${`  ${" ".repeat(900)}x\n`.repeat(1_000)}`],
    ["rows that are almost one", `  1:1  error  ${"x ".repeat(490)}\n`.repeat(1_000)],
    ["tests without an end", "✖ a\n".repeat(20_000)],
    ["half characters", "\ud800src/cart.ts:1:1: error: \udfff\n".repeat(100)],
  ])("of %s is read to its end", (...[, output]) => {
    expect(failingPlaces(output, FILES).places.length).toBeLessThanOrEqual(20);
  });
});
