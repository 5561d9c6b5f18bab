import { describe, expect, it } from "vitest";
import { mirrorOf, upstreamWith, write } from "./sample-repository.ts";

/** A file of three lines, of which one commit changes the second and another one the third. */
async function branch() {
  const upstream = await upstreamWith({ "a.txt": "1\n2\n3\n", ".gitattributes": "* diff=evil\n" });
  const mirror = await mirrorOf(upstream);
  const put = async (parent: string, text: string) =>
    (await mirror.commitEdits({ parent, edits: [write("a.txt", text)], message: "m" })).commit;
  const first = await put(upstream.main, "1\ntwo\n3\n");
  const second = await put(first, "1\ntwo\nthree\n\tfour\n");
  const lines = (changes: Partial<Parameters<typeof mirror.blame>[0]> = {}) =>
    mirror.blame({
      commit: second,
      since: upstream.main,
      path: "a.txt",
      from: 1,
      to: 4,
      ...changes,
    });
  return { first, second, base: upstream.main, lines };
}

describe("blame", () => {
  it("names the commit of the branch that touched a line last, and none for older lines", async () => {
    const { first, second, lines } = await branch();

    expect(await lines()).toEqual([
      { line: 2, commit: first },
      { line: 3, commit: second },
      { line: 4, commit: second },
    ]);
  });

  it("looks at the lines that are asked for", async () => {
    const { first, lines } = await branch();

    expect(await lines({ from: 2, to: 2 })).toEqual([{ line: 2, commit: first }]);
  });

  it.each([
    ["a file that is not there", { path: "gone.txt" }],
    ["lines that are not there", { from: 90, to: 91 }],
    ["lines that are none", { from: 0, to: 0 }],
    ["a range that runs backwards", { from: 3, to: 1 }],
    ["a number that is none", { from: Number.NaN, to: 1 }],
    ["a pattern instead of a path", { path: "*.txt" }],
    ["an option instead of a path", { path: "--contents=/etc/passwd" }],
    ["a name that git cannot have", { path: "a\0b" }],
  ])("of %s is nothing", async (...[, changes]) => {
    const { lines } = await branch();

    expect(await lines(changes)).toEqual([]);
  });

  it.each([{ commit: "HEAD" }, { since: "--all" }])(
    "refuses %o, which is no id",
    async (changes) => {
      const { lines } = await branch();

      await expect(lines(changes)).rejects.toThrow("is not an object id");
    },
  );
});
