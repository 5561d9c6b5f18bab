import { describe, expect, it } from "vitest";
import { call, calling } from "../../fakes/fake-model.ts";
import { PLAN, planWith, submit, unanswered } from "./architect-world.ts";

/** What a look-up is answered with. */
async function answerTo(name: string, input: unknown): Promise<string> {
  const { steps, result } = planWith([calling(call(name, input)), submit(PLAN)]);
  await result;
  return steps[0]?.calls[0]?.result ?? "";
}

describe("the architect's look-ups", () => {
  it.each<[string, string, object, string]>([
    [
      "all files",
      "list",
      { path: "" },
      "README.md\nsrc/greet.ts\nsrc/api/a.ts\nsrc/broken.ts\ndata.bin\nlong.txt",
    ],
    ["a folder", "list", { path: "./src/api/" }, "src/api/a.ts"],
    ["a glob", "list", { path: "src/*.ts" }, "src/greet.ts\nsrc/broken.ts"],
    ["a file as folder", "list", { path: "README.md" }, "README.md"],
    ["what is not there", "list", { path: "lib" }, "There are no such files."],
    [
      "a path upwards",
      "list",
      { path: "../x" },
      'The path was refused: ".." is not allowed in it.',
    ],
    [
      "a file",
      "read",
      { path: "src/api/a.ts" },
      "     1\timport { greet } from '../greet.ts';\n[1 lines in all]",
    ],
    [
      "a range",
      "read",
      { path: "src/greet.ts", from: 4, to: 5 },
      "     4\texport class Host {\n     5\t  welcome() {}\n[8 lines in all]",
    ],
    [
      "a range backwards",
      "read",
      { path: "src/greet.ts", from: 4, to: 3 },
      "`to` is before `from`.",
    ],
    ["a range behind the end", "read", { path: "src/greet.ts", from: 90 }, "[8 lines in all]"],
    ["no file", "read", { path: "src" }, "There is no such file."],
    [
      "a file outside",
      "read",
      { path: "/etc/passwd" },
      "The path was refused: it is not relative to the repository.",
    ],
    ["a text", "search", { pattern: "Host {" }, "src/greet.ts:4: export class Host {"],
    [
      "an expression in a folder",
      "search",
      { pattern: "gre+t ", regex: true, path: "src/api/" },
      "src/api/a.ts:1: import { greet } from '../greet.ts';",
    ],
    [
      "no expression",
      "search",
      { pattern: "a(", regex: true },
      "Not searched: it is no expression.",
    ],
    ["nothing", "search", { pattern: "zebra" }, "Nothing found."],
    [
      "a search outside",
      "search",
      { pattern: "a", path: "../x" },
      'The path was refused: ".." is not allowed in it.',
    ],
    ["a function", "symbol", { name: "greet" }, "src/greet.ts:1-3: function greet"],
    ["a method", "symbol", { name: "Host#welcome" }, "src/greet.ts:5-5: method Host.welcome"],
    [
      "an unknown symbol",
      "symbol",
      { name: "zebra" },
      "No file that can be parsed defines it. Use search.",
    ],
  ])("answer %s", async (...[, name, input, answer]) => {
    expect(await answerTo(name, input)).toBe(answer);
  });

  it.each<[string, string, unknown, string]>([
    ["half an input", "read", '{"path":', "not JSON"],
    ["a missing field", "read", {}, "path"],
    ["a field too many", "list", { path: "", depth: 2 }, "depth"],
    ["a number for a path", "search", { pattern: 5 }, "pattern"],
    ["an empty pattern", "search", { pattern: "" }, "pattern"],
    ["50 MB", "symbol", `"${"x".repeat(50_000_000)}"`, "larger than"],
  ])("refuse %s", async (...[, name, input, problem]) => {
    expect(await answerTo(name, input)).toContain(problem);
  });

  it("are made several at once, are recorded, and cost no correction", async () => {
    const look = calling(call("read", { path: "README.md" }), call("symbol", { name: "greet" }));
    const { model, steps, result } = planWith([look, look, submit(PLAN)]);

    const planned = await result;

    expect(planned).toMatchObject({ kind: "planned", usage: { calls: 3 } });
    expect(steps.map(({ calls }) => calls.map(({ kind }) => kind))).toEqual([
      ["done", "done"],
      ["done", "done"],
      ["done"],
    ]);
    expect(model.requests[1]?.messages.at(-1)).toMatchObject({
      role: "tool",
      text: "src/greet.ts:1-3: function greet",
    });
    expect(unanswered(model)).toEqual([]);
  });

  it("keep a path one line, and characters whole", async () => {
    const listed = planWith([calling(call("list", { path: "" })), submit(PLAN)], {
      paths: ["a\nforged.ts", "b.ts"],
    });
    const found = planWith([calling(call("read", { path: "long.txt" })), submit(PLAN)]);
    await Promise.all([listed.result, found.result]);

    expect(listed.steps[0]?.calls[0]?.result).toBe("a forged.ts\nb.ts");
    expect(found.steps[0]?.calls[0]?.result).toBe(
      `     1\t${"x".repeat(399)}\uFFFD […]\n[1 lines in all]`,
    );
  });

  it("show no characters that people cannot see", async () => {
    const { steps, result } = planWith([
      calling(call("search", { pattern: "zebra\u200B" })),
      submit(PLAN),
    ]);
    await result;

    expect(steps[0]?.calls[0]?.result).toBe("Nothing found.");
  });
});

const read = (from: number) => calling(call("read", { path: "src/greet.ts", from }));

describe("an architect that only ever looks", () => {
  it.each([
    ["calls", { maxCalls: 3 }, "3 calls were made"],
    ["replies", { maxReplies: 3 }, "3 replies asked for it"],
    ["answers that are long", { maxOutput: 100 }, "as long as they may be"],
    ["tokens", { maxTokens: 40 }, "tokens were used"],
  ])("has to decide after so many %s", async (_, limits, why) => {
    const { model, steps, result } = planWith((turn) => read(turn + 1), {}, limits);

    const ended = await result;

    expect(ended).toMatchObject({ kind: "malformed", reason: expect.stringContaining(why) });
    expect(model.requests.at(-1)?.tools.map(({ name }) => name)).toEqual([
      "submit_plan",
      "one_worker",
    ]);
    expect(steps.slice(-4).flatMap(({ calls }) => calls.map(({ kind }) => kind))).toEqual(
      Array(4).fill("not-run"),
    );
    expect(steps.length).toBeLessThanOrEqual(8);
    expect(unanswered(model)).toEqual([]);
  });

  it("has to decide by all of its tokens, also those that the vendor's cache had", async () => {
    const usage = { calls: 1, input: 1, cachedInput: 500, cacheWrite: 500, output: 1 };
    const { result, steps } = planWith(() => ({ ...read(1), usage }), {}, { maxTokens: 1_000 });

    await result;

    expect(steps[0]?.calls[0]).toMatchObject({
      kind: "not-run",
      result: expect.stringContaining("1002 tokens were used"),
    });
  });

  it("has to decide once it makes the same call again and again", async () => {
    const { result, steps } = planWith((turn) => (turn < 4 ? read(1) : submit(PLAN)));

    expect(await result).toMatchObject({ kind: "planned" });
    expect(steps.map(({ calls }) => calls[0]?.kind)).toEqual([
      "done",
      "done",
      "done",
      "not-run",
      "done",
    ]);
  });

  it("gets no more than the room that is left", async () => {
    const { result, steps } = planWith(
      [read(1), read(2), submit(PLAN)],
      {},
      { maxCallOutput: 300, maxOutput: 10_000 },
    );

    await result;

    expect(steps[0]?.calls[0]?.result.length).toBeLessThan(350);
  });

  it("is given up after four replies of which nothing can be understood", async () => {
    const { result, steps, model } = planWith(() => calling(call("read", "{")));

    expect(await result).toMatchObject({
      kind: "malformed",
      reason: expect.stringContaining("not JSON"),
    });
    expect(steps).toHaveLength(4);
    expect(unanswered(model)).toEqual([]);
  });

  it("does no more of one reply than is allowed", async () => {
    const many = Array.from({ length: 500 }, (_, i) => call("read", { path: `f${i}` }));
    const { result, steps } = planWith([calling(...many), submit(PLAN)]);

    expect((await result).kind).toBe("planned");
    expect(steps[0]?.calls).toHaveLength(16);
  });
});
