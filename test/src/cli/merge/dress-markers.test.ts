import { describe, expect, it } from "vitest";
import { dressMarkers } from "../../../../src/cli/merge/dress-markers.ts";

const plain = { size: 7, ours: undefined, base: undefined, theirs: undefined, withBase: true };

function conflicted(text: string, ...lines: number[]) {
  const conflicts = lines.map((line) => ({ base: "", ours: "", theirs: "", line, why: "x" }));
  return { kind: "conflicted", text, hunks: [], conflicts } as const;
}

const ONE = "a\n<<<<<<< ours\nb\n||||||| base\nc\n=======\nd\n>>>>>>> theirs\ne\n";

describe("markers of conflicts", () => {
  it("are left as they are where nothing else is asked for", () => {
    expect(dressMarkers(conflicted(ONE, 2), plain)).toBe(ONE);
  });

  it("come without the base's lines", () => {
    expect(dressMarkers(conflicted(ONE, 2), { ...plain, withBase: false })).toBe(
      "a\n<<<<<<< ours\nb\n=======\nd\n>>>>>>> theirs\ne\n",
    );
  });

  it("have the length and the words that were asked for", () => {
    const look = { ...plain, size: 9, ours: "HEAD", base: "abc", theirs: "topic" };

    expect(dressMarkers(conflicted(ONE, 2), look)).toBe(
      "a\n<<<<<<<<< HEAD\nb\n||||||||| abc\nc\n=========\nd\n>>>>>>>>> topic\ne\n",
    );
  });

  it("are told from lines of the texts that look like them", () => {
    const heading = "=======\n>>>>>>> theirs\n<<<<<<< ours\n||||||| base\n";
    const long = `${heading}<<<<<<<< ours\n${heading}||||||||\n=======\n========\n|||||||\n>>>>>>>> theirs\n${heading}`;

    expect(dressMarkers(conflicted(long, 5), { ...plain, ours: "me", withBase: false })).toBe(
      `${heading}<<<<<<<< me\n${heading}========\n|||||||\n>>>>>>>> theirs\n${heading}`,
    );
  });

  it("are found at each conflict, and keep the ends of their lines", () => {
    const two = `${ONE}${ONE}`.replaceAll("\n", "\r\n").slice(0, -2);
    const look = { ...plain, theirs: "topic", withBase: false };

    const text = dressMarkers(conflicted(two, 2, 11), look);

    const one = "a\r\n<<<<<<< ours\r\nb\r\n=======\r\nd\r\n>>>>>>> topic\r\ne";
    expect(text).toBe(`${one}\r\n${one}`);
  });
});
