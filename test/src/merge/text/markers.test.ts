import { describe, expect, it } from "vitest";
import {
  countMarkedConflicts,
  countMarkerLines,
  markedConflict,
  markerSizeFor,
} from "../../../../src/merge/text/markers.ts";

describe("markers of a conflict", () => {
  it("stand around both sides and the base as git writes them", () => {
    expect(markedConflict({ base: "b\n", ours: "o\n", theirs: "t\n" }, 7)).toBe(
      "<<<<<<< ours\no\n||||||| base\nb\n=======\nt\n>>>>>>> theirs\n",
    );
  });

  it("leave out a base that is empty, and close a last line", () => {
    expect(markedConflict({ base: "", ours: "o", theirs: "" }, 8)).toBe(
      "<<<<<<<< ours\no\n========\n>>>>>>>> theirs\n",
    );
  });

  it.each([
    ["no marker", "a\n<<<<<< six\n== =====\n", 7],
    ["an opening one", "<<<<<<< HEAD\n", 8],
    ["a bare separator", "=======\n", 8],
    ["a longer one", ">>>>>>>>>> main\n", 11],
    ["a heading's underline", "=================\n", 18],
    ["one in the middle of a line", "a <<<<<<< b\n", 7],
  ])("are longer than what reads like %s", (_name, text, size) => {
    expect(markerSizeFor(["x\n", text])).toBe(size);
  });

  it.each([
    ["none", "a\n", 0],
    ["a heading", "Title\n=======\n", 0],
    ["one", "<<<<<<< a\n=======\n>>>>>>> b\n", 1],
    ["one with CRLF", "<<<<<<< a\r\n=======\r\n>>>>>>> b\r\n", 1],
    ["one with the base", "<<<<<<< a\n||||||| c\n=======\n>>>>>>> b\n", 1],
    ["two", "<<<<<<< a\n=======\n>>>>>>> b\n<<<<<<< a\n=======\n>>>>>>> b", 2],
    ["parts of different sizes", "<<<<<<< a\n========\n>>>>>>> b\n", 0],
    ["no separator", "<<<<<<< a\n>>>>>>> b\n", 0],
  ])("are counted: %s", (_name, text, count) => {
    expect(countMarkedConflicts(text)).toBe(count);
  });

  it("are found one by one too, where a part of them was left", () => {
    expect(countMarkerLines("a\n<<<<<<< HEAD\nb\n>>>>>>> main\n<<<<<<<\n")).toBe(3);
    expect(countMarkerLines("a <<<<<<< b\n<<<<<<<b\n=======\n")).toBe(0);
  });
});
