import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { NexusError } from "../../../src/core/errors.ts";
import { createRedactor } from "../../../src/core/redact.ts";
import type { Syntax } from "../../../src/core/syntax.ts";
import { filledIn } from "../../../src/merge/fill-in.ts";
import { conflictKey } from "../../../src/merge/remembered.ts";
import { type Help, settleWithHelp } from "../../../src/merge/settle-with-help.ts";
import { createSyntax } from "../../../src/syntax/create-syntax.ts";
import { call, calling, type FakeModel, fakeModel } from "../../fakes/fake-model.ts";
import { memoryResolutions } from "../../fakes/memory-resolutions.ts";
import { swarmPrompts } from "../../fakes/swarm-prompts.ts";
import { conflictedFile } from "./conflicted.ts";

const OURS = 'const greeting = "hello" + name;\n';
const THEIRS = 'const greeting = loud ? "HELLO" : "hello";\n';
const BOTH = 'const greeting = (loud ? "HELLO" : "hello") + name;\n';
const GREET = conflictedFile("greet.ts", [
  "const name = 1;\n",
  ['const greeting = "hello";\n', OURS, THEIRS],
  "const loud = true;\n",
]);

let syntax: Syntax;

beforeAll(async () => {
  syntax = await createSyntax();
});

const submit = (...texts: readonly (string | null)[]) => {
  const resolutions = texts.map((text, index) => ({ number: index + 1, text, why: "both" }));
  return calling(call("submit_resolutions", { resolutions }));
};
const helpWith = (changes: Partial<Help> = {}): Help => ({
  memory: memoryResolutions(),
  model: undefined,
  prompts: swarmPrompts,
  syntax,
  redact: createRedactor(["hunter2hunter2"]),
  intents: { ours: { title: "a", messages: [] }, theirs: { title: "b", messages: [] } },
  signal: new AbortController().signal,
  ...changes,
});
const askedTimes = (model: FakeModel) => model.requests.length;
const conflictOf = (file: typeof GREET, index = 0) => {
  const conflict = file.merge.conflicts[index];
  if (!conflict) throw new Error("There is no such conflict.");
  return conflict;
};

describe("a conflict is settled", () => {
  it("by a model, as a proposal that is to be kept once it is proven", async () => {
    const model = fakeModel([submit(BOTH)]);

    const { files, usage } = await settleWithHelp([GREET], helpWith({ model }));

    expect(files[0]?.merge).toEqual({
      kind: "merged",
      text: `const name = 1;\n${BOTH}const loud = true;\n`,
      hunks: [
        {
          stage: "model",
          line: 2,
          why: "a model put both changes together",
          confidence: "proposed",
        },
      ],
    });
    const key = await conflictKey(conflictOf(GREET));
    expect(files[0]?.resolutions).toEqual([{ key, text: BOTH }]);
    expect(usage.calls).toBe(1);
  });

  it("the next time without a model, by what was kept", async () => {
    const memory = memoryResolutions();
    const first = await settleWithHelp(
      [GREET],
      helpWith({ memory, model: fakeModel([submit(BOTH)]) }),
    );
    for (const { key, text } of first.files.flatMap(({ resolutions }) => resolutions)) {
      await memory.keep(key, text);
    }
    const model = fakeModel([]);

    const { files, usage } = await settleWithHelp([GREET], helpWith({ memory, model }));

    expect(files[0]?.merge).toMatchObject({
      kind: "merged",
      text: expect.stringContaining(BOTH),
      hunks: [{ stage: "remembered", line: 2, confidence: "proposed" }],
    });
    expect(usage.calls + askedTimes(model)).toBe(0);
  });

  it("not by what was proposed and never kept", async () => {
    const memory = memoryResolutions();
    await settleWithHelp([GREET], helpWith({ memory, model: fakeModel([submit(BOTH)]) }));

    const { files } = await settleWithHelp([GREET], helpWith({ memory }));

    expect(files[0]).toEqual({
      path: "greet.ts",
      merge: GREET.merge,
      refused: [],
      resolutions: [],
    });
  });

  it("by both, each its part", async () => {
    const file = conflictedFile("notes.txt", [
      ["", "one alpha\n", "one beta\n"],
      "between\n",
      ["", "two gamma\n", "two delta\n"],
    ]);
    const known = new Map([[await conflictKey(conflictOf(file)), "one alpha\none beta\n"]]);
    const reply = { resolutions: [{ number: 2, text: "two gamma\ntwo delta", why: "both" }] };
    const model = fakeModel([calling(call("submit_resolutions", reply))]);

    const { files } = await settleWithHelp(
      [file],
      helpWith({ memory: memoryResolutions(known), model }),
    );

    expect(files[0]?.merge).toMatchObject({
      kind: "merged",
      text: "one alpha\none beta\nbetween\ntwo gamma\ntwo delta\n",
      hunks: [
        { stage: "remembered", line: 1 },
        { stage: "model", line: 4 },
      ],
    });
  });

  it("by a model where what is remembered does not fit this file", async () => {
    const known = new Map([[await conflictKey(conflictOf(GREET)), "const greeting = (;\n"]]);
    const model = fakeModel([submit(BOTH)]);

    const { files } = await settleWithHelp(
      [GREET],
      helpWith({ memory: memoryResolutions(known), model }),
    );

    expect(files[0]?.merge).toMatchObject({ kind: "merged", hunks: [{ stage: "model" }] });
    expect(files[0]?.refused).toMatchObject([
      { stage: "remembered", text: "const greeting = (;\n" },
    ]);
  });
});

describe("a conflict is left, with why", () => {
  it("when the answer does not parse, and its text is for people to see", async () => {
    const broken = 'const greeting = (loud ? "HELLO" + name;\n';
    const model = fakeModel([submit(broken), submit(broken)]);

    const { files, usage } = await settleWithHelp([GREET], helpWith({ model }));

    expect(files[0]).toMatchObject({
      merge: GREET.merge,
      refused: [{ stage: "model", text: broken }],
      resolutions: [],
    });
    expect(usage.calls).toBe(2);
  });

  it("when the model loses what a side added", async () => {
    const file = conflictedFile("a.py", [
      ["", "def ours():\n    return 1\n", "def theirs():\n    return 2\n"],
    ]);
    const one = submit("def ours():\n    return 1\n");

    const { files } = await settleWithHelp([file], helpWith({ model: fakeModel([one, one]) }));

    expect(files[0]?.merge).toBe(file.merge);
    expect(files[0]?.refused[0]?.why).toContain("theirs");
  });

  it("when the model leaves it", async () => {
    const { files } = await settleWithHelp([GREET], helpWith({ model: fakeModel([submit(null)]) }));

    expect(files[0]?.refused).toEqual([
      { stage: "model", why: "The model leaves it to people: both" },
    ]);
  });

  it("when there are more files than a model is asked about: then it is asked about none", async () => {
    const model = fakeModel(() => submit(null));
    for (const count of [21, 20]) {
      await settleWithHelp(Array(count).fill(GREET), helpWith({ model }));
      expect(askedTimes(model)).toBe(count === 20 ? 20 : 0);
    }
  });

  it("but trouble with the model or the memory is thrown", async () => {
    const down = new NexusError("model.unreachable", "No.", { retryable: true });
    const broken = {
      ...memoryResolutions(),
      find: () => Promise.reject(new NexusError("store.unavailable", "No.")),
    };

    await expect(
      settleWithHelp([GREET], helpWith({ model: fakeModel([down]) })),
    ).rejects.toMatchObject({ code: "model.unreachable" });
    await expect(settleWithHelp([GREET], helpWith({ memory: broken }))).rejects.toMatchObject({
      code: "store.unavailable",
    });
  });
});

describe("the name of a conflict", () => {
  const conflict = { base: "a = 1\n", ours: "a = 2\n", theirs: "a = 3\n", line: 1, why: "" };

  it.each([
    ["the other side is ours", { ...conflict, ours: "a = 3\n", theirs: "a = 2\n" }],
    ["lines end in another way", { ...conflict, base: "a = 1\r\n", ours: "a = 2\r\n" }],
    ["there are blanks at ends of lines", { ...conflict, theirs: "a = 3  \n" }],
    ["it is somewhere else", { ...conflict, line: 9, why: "other" }],
  ])("is the same when %s", async (_what, other) => {
    expect(await conflictKey(other)).toBe(await conflictKey(conflict));
  });

  it.each([
    ["base", { ...conflict, base: "a = 0\n" }],
    ["side", { ...conflict, ours: "a = 4\n" }],
    ["indentation", { ...conflict, ours: "  a = 2\n" }],
    ["text that moved to the other side", { ...conflict, ours: "", theirs: "a = 2\na = 3\n" }],
  ])("is another with another %s", async (_what, other) => {
    expect(await conflictKey(other)).not.toBe(await conflictKey(conflict));
  });
});

describe("nothing is kept", () => {
  it.each([
    ["of a conflict that is hardly more than a bracket", ["", "}\n", ")\n"], ""],
    ["with a secret", ["key = 1\n", "key = 2\n", "key = 3 # hunter2hunter2\n"], "key = 2\n"],
  ] as const)("%s", async (_what, sides, text) => {
    const file = conflictedFile("a.txt", [sides]);
    const memory = memoryResolutions(new Map([[await conflictKey(conflictOf(file)), text]]));
    const model = fakeModel([submit(text)]);

    const { files } = await settleWithHelp([file], helpWith({ memory, model }));

    expect(files[0]?.resolutions).toEqual([]);
  });
});

describe("a text in the place of a conflict", () => {
  it("gets the line ends of the file", () => {
    const file = conflictedFile("a.txt", ["x\r\n", ["1\r\n", "2\r\n", "3\r\n"], "y\r\n"]);

    expect(filledIn(file, ["2\n3"]).text).toBe("x\r\n2\r\n3\r\ny\r\n");
  });

  it("leaves the last line open where both sides do", () => {
    const { merge } = conflictedFile("a.txt", ["x\n", ["1\n", "2\n", "3\n"]]);
    const sides = { path: "a.txt", base: "x\n1", ours: "x\n2", theirs: "x\n3" };

    expect(filledIn({ sides, merge }, ["2 3\n"]).text).toBe("x\n2 3");
  });

  it("is not misled by lines that look like markers", () => {
    const ours = "=======\n>>>>>>> theirs\n";
    const file = conflictedFile("a.md", ["x\n", ["", ours, "||||||| base\n"], "y\n"]);

    expect(filledIn(file, ["z\n"]).text).toBe("x\nz\ny\n");
  });

  it("moves the reports of what was settled before", () => {
    const { sides, merge } = conflictedFile("a.txt", ["x\n", ["1\n", "2\n", "3\n"], "y\nz\n"]);
    const at = (line: number) => ({ stage: "lines", line, why: "", confidence: "proven" }) as const;
    const person = { stage: "person", line: 2, why: "", confidence: "proposed" } as const;
    const hunks = [at(1), person, at(10)];

    expect(filledIn({ sides, merge: { ...merge, hunks } }, ["2\n3\n"]).hunks).toEqual([
      at(1),
      at(5),
    ]);
  });

  it("changes nothing outside of it, whatever it is", () => {
    const lines = fc.array(fc.constantFrom("a\n", "=======\n", "<<<<<<< ours\n", "\n"), {
      maxLength: 4,
    });
    const side = lines.map((all) => all.join(""));
    const piece = fc.tuple(side, fc.tuple(side, side, side));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 4 }), side, fc.string(), (pieces, end, text) => {
        const file = conflictedFile("a.txt", [...pieces.flat(), end]);
        const filled = filledIn(
          file,
          pieces.map(() => text),
        );

        const whole =
          text === "" || text.replaceAll("\r\n", "\n").endsWith("\n") ? text : `${text}\n`;
        const placed = whole.replaceAll("\r\n", "\n");
        const expected = pieces.map(([before]) => before + placed).join("") + end;
        expect(filled.text).toBe(expected);
      }),
    );
  });
});
