import { describe, expect, it } from "vitest";
import { dressMarkers } from "../../../../src/cli/merge/dress-markers.ts";
import type { MarkerLook } from "../../../../src/cli/merge/merge-wish.ts";

const plain: MarkerLook = {
  size: 7,
  ours: undefined,
  base: undefined,
  theirs: undefined,
  style: "diff3",
};

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
    expect(dressMarkers(conflicted(ONE, 2), { ...plain, style: "merge" })).toBe(
      "a\n<<<<<<< ours\nb\n=======\nd\n>>>>>>> theirs\ne\n",
    );
  });

  it("have the length and the words that were asked for", () => {
    const look: MarkerLook = { ...plain, size: 9, ours: "HEAD", base: "abc", theirs: "topic" };

    expect(dressMarkers(conflicted(ONE, 2), look)).toBe(
      "a\n<<<<<<<<< HEAD\nb\n||||||||| abc\nc\n=========\nd\n>>>>>>>>> topic\ne\n",
    );
  });

  it("are told from lines of the texts that look like them", () => {
    const heading = "=======\n>>>>>>> theirs\n<<<<<<< ours\n||||||| base\n";
    const long = `${heading}<<<<<<<< ours\n${heading}||||||||\n=======\n========\n|||||||\n>>>>>>>> theirs\n${heading}`;

    expect(dressMarkers(conflicted(long, 5), { ...plain, ours: "me", style: "merge" })).toBe(
      `${heading}<<<<<<<< me\n${heading}========\n|||||||\n>>>>>>>> theirs\n${heading}`,
    );
  });

  it("are found at each conflict, and keep the ends of their lines", () => {
    const two = `${ONE}${ONE}`.replaceAll("\n", "\r\n").slice(0, -2);
    const look: MarkerLook = { ...plain, theirs: "topic", style: "merge" };

    const text = dressMarkers(conflicted(two, 2, 11), look);

    const one = "a\r\n<<<<<<< ours\r\nb\r\n=======\r\nd\r\n>>>>>>> topic\r\ne";
    expect(text).toBe(`${one}\r\n${one}`);
  });

  it.each<[MarkerLook["style"], string]>([
    ["merge", "same\n<<<<<<< ours\nb\n=======\nd\n>>>>>>> theirs\n}\n"],
    ["zdiff3", "same\n<<<<<<< ours\nb\n||||||| base\nc\n}\n=======\nd\n>>>>>>> theirs\n}\n"],
    [
      "diff3",
      "<<<<<<< ours\nsame\nb\n}\n||||||| base\nc\n}\n=======\nsame\nd\n}\n>>>>>>> theirs\n",
    ],
  ])("stand around what differs, as git's %s has them", (style, expected) => {
    const text =
      "<<<<<<< ours\nsame\nb\n}\n||||||| base\nc\n}\n=======\nsame\nd\n}\n>>>>>>> theirs\n";

    expect(dressMarkers(conflicted(text, 1), { ...plain, style })).toBe(expected);
  });

  it("stand around sides that are the same or of which one is the beginning of the other", () => {
    const same = "<<<<<<< ours\na\n||||||| base\n=======\na\n>>>>>>> theirs\n";
    const longer = "<<<<<<< ours\na\na\n||||||| base\n=======\na\n>>>>>>> theirs\n";
    const look: MarkerLook = { ...plain, style: "merge" };

    expect(dressMarkers(conflicted(same, 1), look)).toBe(
      "<<<<<<< ours\na\n=======\na\n>>>>>>> theirs\n",
    );
    expect(dressMarkers(conflicted(longer, 1), look)).toBe(
      "a\n<<<<<<< ours\na\n=======\n>>>>>>> theirs\n",
    );
  });

  it("are as short as what is shown allows", () => {
    const text = `<<<<<<<<<< ours\na\n|||||||||| base\n<<<<<<<<< inner\n==========\nb\n>>>>>>>>>> theirs\n`;

    expect(dressMarkers(conflicted(text, 1), { ...plain, style: "merge" })).toBe(
      "<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n",
    );
    expect(dressMarkers(conflicted(text, 1), plain)).toBe(text);
  });
});
