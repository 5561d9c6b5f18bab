import { describe, expect, it } from "vitest";
import { createOutputs } from "../../../../src/swarm/outputs.ts";
import { readFile as readTool } from "../../../../src/swarm/tools/read-file.ts";
import { folderSession } from "../../../fakes/folder-session.ts";
import { benchOf, gitRepository, use } from "./tools-world.ts";

describe("reading a file", () => {
  it("names the id that git gives to its bytes", async () => {
    await using session = await folderSession({ "src/a.txt": "größe\r\nno end" });
    await gitRepository(session);
    const git = await session.run(["git", "rev-parse", "HEAD:src/a.txt"]);

    const { text } = await use(readTool, session, { path: "src/a.txt" });

    expect(text.split("\n")[0]).toBe(`[src/a.txt: 2 lines, 15 bytes, blob ${git.output.trim()}]`);
  });

  it("that takes too long is an answer, not half of one", async () => {
    await using session = await folderSession({ "src/a.txt": "a" });
    const run: typeof session.run = async (...command) => ({
      ...(await session.run(...command)),
      exitCode: 137,
      ending: "timeout",
    });

    const result = await use(readTool, { ...session, run }, { path: "src/a.txt" });

    expect(result).toEqual({
      kind: "failed",
      text: "The file could not be read in time. Look at a part of it with a command.",
    });
  });

  it("shows as much as there is room for, and the last line says how to read on", async () => {
    const lines = Array.from({ length: 300 }, (_, i) => `line ${i + 1} ${"x".repeat(40)}`);
    await using session = await folderSession({ "src/a.txt": `${lines.join("\n")}\n` });
    const shown: string[] = [];
    let from = 1;
    for (let reads = 0; reads < 50 && from <= 300; reads += 1) {
      const { text } = await readTool.call(
        { path: "src/a.txt", from },
        benchOf(session, { room: 3000 }),
      );

      expect(text.length).toBeLessThanOrEqual(3000);
      shown.push(...text.split("\n").filter((line) => /^ *\d+\t/.test(line)));
      const next = /\[Lines \d+ to \d+ of 300\. Read on with "from": (?<next>\d+)\.\]$/.exec(text);
      from = Number(next?.groups?.next ?? 301);
    }

    expect(shown.map((line) => line.replace(/^ *\d+\t/, ""))).toEqual(lines);
  });

  it("shows a line of ten megabytes piece by piece, no character lost", async () => {
    const start = `b${"aé漢👩".repeat(1200)}`;
    await using session = await folderSession({
      "src/a.txt": `${start}${"x".repeat(10_000_000)}\nsecond\n`,
    });
    let read = "";
    let column: number | undefined = 1;
    while (column !== undefined && read.length < start.length) {
      const input: object = { path: "src/a.txt", from: 1, to: 1, column };
      const { kind, text } = await use(readTool, session, input);

      expect(kind).toBe("done");
      const [, row = "", note = ""] = text.split("\n");
      expect(note).toMatch(
        /^\[Line 1 goes on\. Read on with "from": 1, "to": 1, "column": \d+\.\]$/,
      );
      read += row.replace(/^ *1\t/, "");
      column = Number(/"column": (\d+)/.exec(note)?.[1]);
    }
    const second = await use(readTool, session, { path: "src/a.txt", from: 2 });

    expect(read.slice(0, start.length)).toBe(start);
    expect(read).not.toContain("\uFFFD");
    expect(second.text).toMatch(/\n {5}2\tsecond$/);
  });

  it("reads the last lines of a file of many megabytes", async () => {
    await using session = await folderSession({
      "src/big.txt": `${"filler\n".repeat(2_000_000)}end`,
    });

    const { text } = await use(readTool, session, { path: "src/big.txt", from: 2_000_001 });

    expect(text).toMatch(
      /^\[src\/big\.txt: 2000001 lines, 14000003 bytes, blob [0-9a-f]{40}\]\n2000001\tend$/,
    );
  });

  it.each([
    ["a line past the end", { path: "src/a", from: 9 }, "no line 9: the last one is 2"],
    [
      "a column past the end",
      { path: "src/a", from: 2, column: 99 },
      "Line 2 has fewer than 99 bytes",
    ],
    ["lines the wrong way round", { path: "src/a", from: 5, to: 2 }, "before"],
    ["an output that there is not", { path: "output:7" }, "no output 7"],
    [
      "a line past the end of an output",
      { path: "output:1", from: 9 },
      "no line 9: the last one is 3",
    ],
  ])("answers %s with what is wrong", async (_, input, word) => {
    await using session = await folderSession({ "src/a": "one\ntwo\n" });
    const outputs = createOutputs();
    outputs.keep("a\nb\nc\n");

    const result = await readTool.call(input, benchOf(session, { outputs }));

    expect(result).toMatchObject({ kind: "failed", text: expect.stringContaining(word) });
  });

  it.each([
    ["no line zero", { path: "src/a", from: 0 }],
    ["a fraction", { path: "src/a", from: 1.5 }],
    ["a number as text", { path: "src/a", from: "1" }],
    ["a number without end", { path: "src/a", from: 1e300 }],
    ["no column zero", { path: "src/a", column: 0 }],
  ])("takes %s for malformed", async (_, input) => {
    await using session = await folderSession({ "src/a": "one\n" });

    expect((await use(readTool, session, input)).kind).toBe("malformed");
  });
});

describe("reading an output that was cut", () => {
  it("shows its lines with their numbers, by range", async () => {
    await using session = await folderSession();
    const outputs = createOutputs();
    const number = outputs.keep("a\nb\nc\nd\n");

    const { text } = await readTool.call(
      { path: `output:${number}`, from: 2, to: 3 },
      benchOf(session, { outputs }),
    );

    expect(text).toBe(
      '[output 1: 4 lines]\n     2\tb\n     3\tc\n[Lines 2 to 3 of 4. Read on with "from": 4.]',
    );
    expect(session.commands).toEqual([]);
  });

  it("goes on in a long line at its column", async () => {
    await using session = await folderSession();
    const outputs = createOutputs();
    outputs.keep(`${"é".repeat(50_000)}end`);

    const { text } = await readTool.call(
      { path: "output:1", column: 99_999 },
      benchOf(session, { outputs }),
    );

    expect(text).toBe("[output 1: 1 lines]\n     1\téend");
  });

  it("leaves out the half of a character in which it begins", async () => {
    await using session = await folderSession();
    const outputs = createOutputs();
    outputs.keep("漢end");

    const { text } = await readTool.call(
      { path: "output:1", column: 2 },
      benchOf(session, { outputs }),
    );

    expect(text).toBe("[output 1: 1 lines]\n     1\tend");
  });

  it("forgets the oldest when they are too many characters", async () => {
    const outputs = createOutputs();
    const first = outputs.keep("x".repeat(3_000_000));
    const second = outputs.keep("y".repeat(3_000_000));

    expect(outputs.find(first)).toBeUndefined();
    expect(outputs.find(second)).toMatch(/^y/);
  });
});
