import { describe, expect, it } from "vitest";
import { readGoldenCase } from "./golden-case.ts";

const HEAD = "=== path: a.ts\n=== expect: merged\n";
const TEXTS = "=== base\na\n=== ours\nb\n=== theirs\na\n=== result\nb\n";

describe("a golden case", () => {
  it("is read as its sections say", () => {
    expect(
      readGoldenCase("x", `=== path: a.ts\n=== expect: merged\n=== stage: lines\n${TEXTS}`),
    ).toEqual({
      path: "a.ts",
      expect: "merged",
      stage: "lines",
      base: "a\n",
      ours: "b\n",
      theirs: "a\n",
      result: "b\n",
    });
  });

  it("may have empty texts, texts without a last line's end, and lines that end as on Windows", () => {
    const texts =
      "=== base\n=== ours\nb\nc\n\\ No newline at end of file\n=== theirs\na\n=== result\nb\n";

    expect(readGoldenCase("x", `${HEAD}=== eol: crlf\n${texts}`)).toMatchObject({
      base: "",
      ours: "b\r\nc",
      theirs: "a\r\n",
      result: "b\r\n",
    });
  });

  it.each<[string, string, string]>([
    ["nothing", "", '"=== base" is missing'],
    ["text before a header", `hello\n${HEAD}${TEXTS}`, '"hello" is no header of a case'],
    ["no path", `=== expect: merged\n${TEXTS}`, "path"],
    ["an unknown ending", `=== path: a\n=== expect: maybe\n${TEXTS}`, "expect"],
    ["an unknown stage", `${HEAD}=== stage: magic\n${TEXTS}`, "stage"],
    ["a header twice", `${HEAD}=== path: b\n${TEXTS}`, '"=== path" is there twice'],
    ["an unknown header", `${HEAD}=== mood: good\n${TEXTS}`, '"=== mood: good" is no header'],
    ["a header among texts", `${HEAD}${TEXTS}=== stage: lines\n`, "is no header of a case"],
    ["sections out of order", `${HEAD}=== ours\n`, '"=== ours" stands out of order'],
    ["a missing section", `${HEAD}=== base\n=== ours\n`, '"=== theirs" is missing'],
    [
      "a conflict without words",
      `=== path: a\n=== expect: conflicted\n${TEXTS.slice(0, -2)}`,
      "words",
    ],
  ])("with %s is refused by its name", (_, file, why) => {
    expect(() => readGoldenCase("lines/odd.txt", file)).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/^lines\/odd\.txt: /) }),
    );
    expect(() => readGoldenCase("lines/odd.txt", file)).toThrow(why);
  });
});
