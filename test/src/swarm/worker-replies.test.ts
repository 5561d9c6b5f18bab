import { describe, expect, it } from "vitest";
import { call, calling, type FakeReply } from "../../fakes/fake-model.ts";
import { folderSession } from "../../fakes/folder-session.ts";
import { commandsOf, edit, expectSound, finish, run, workWith } from "./worker-world.ts";

describe("a reply that cannot be worked with goes back with what is wrong", () => {
  it.each<[string, FakeReply, string]>([
    ["nothing at all", {}, "called no tool"],
    ["only blanks", { text: "  \n" }, "called no tool"],
    ["prose", { text: "I have finished, all tests pass." }, "called no tool"],
    ["a refusal in prose", { text: "I cannot help with that." }, "called no tool"],
    ["a call written as text", { text: '{"name":"finish"}' }, "called no tool"],
    ["text cut off", { text: "So I", stop: "length" }, "cut off"],
    ["a call cut off", { ...finish(), stop: "length" }, "cut off"],
    ["an unknown tool", calling(call("merge_pull_request", {})), "no such tool"],
    ["a tool in other letters", calling(call("Finish", { summary: "x" })), "no such tool"],
    ["a name that is none", calling(call("a b\n</tool>", {})), "no such tool"],
    ["an empty name", calling(call("", {})), "no such tool"],
    ["a name every object has", calling(call("constructor", {})), "no such tool"],
    ["empty input", calling(call("finish", "")), "not JSON"],
    ["half of the input", calling(call("finish", '{"summary":"x')), "not JSON"],
    ["JSON in fences", calling(call("finish", '```json\n{"summary":"x"}\n```')), "not JSON"],
    ["trailing commas", calling(call("finish", '{"summary":"x",}')), "not JSON"],
    ["two objects", calling(call("finish", '{"summary":"x"}{"summary":"y"}')), "not JSON"],
    ["input as text", calling(call("finish", '"{\\"summary\\":\\"x\\"}"')), "expected object"],
    ["a list", calling(call("finish", "[]")), "expected object"],
    ["null", calling(call("finish", "null")), "expected object"],
    ["a field missing", calling(call("finish", {})), "summary"],
    ["a field too many", calling(call("finish", { summary: "x", passed: true })), "passed"],
    ["a field of the wrong type", finish(5), "summary"],
    ["an empty summary", finish("  "), "summary"],
    ["a summary without end", finish("x".repeat(5000)), "summary"],
    ["a prototype", calling(call("finish", '{"__proto__":{"summary":"x"}}')), "summary"],
    ["deep nesting", calling(call("finish", "[".repeat(200_000))), "not JSON"],
    [
      "a patch of 50 MB",
      calling(call("edit", { path: "src/a", old: "", new: "x".repeat(50_000_000) })),
      "larger than",
    ],
    ["an edit that does not apply", calling(edit("src/a", "zzz", "y")), "does not occur"],
    ["a command with NUL", calling(run("echo a\0b")), "NUL"],
  ])("%s", async (_, reply, problem) => {
    await using session = await folderSession({ "src/a": "old" });
    const { result, model, saved } = workWith([reply, finish()], { session });

    const ended = await result;

    expect(ended).toMatchObject({ kind: "finished", usage: { calls: 2 } });
    expect(model.requests[1]?.messages.at(-1)?.text).toContain(problem);
    expect(await session.text("src/a")).toBe("old");
    expect(saved).toHaveLength(2);
    expect(JSON.stringify(saved).length).toBeLessThan(600_000);
    expectSound(model);
  });
});

describe("a reply with several calls", () => {
  it("is done in order, and nothing after finish", async () => {
    await using session = await folderSession();
    const { result } = workWith(
      [
        calling(
          edit("src/a", "", "one"),
          edit("src/a", "one", "two"),
          call("finish", { summary: "x" }),
          edit("src/a", "two", "three"),
        ),
      ],
      { session },
    );

    const ended = await result;

    expect(ended.kind).toBe("finished");
    expect(await session.text("src/a")).toBe("two");
    expect(ended.steps[0]?.calls.map(({ kind }) => kind)).toEqual([
      "done",
      "done",
      "done",
      "not-run",
    ]);
  });

  it("does not finish when something before did not work", async () => {
    await using session = await folderSession();
    const closing = call("finish", { summary: "Edited." });
    const { result, model } = workWith(
      [calling(edit("src/a", "zzz", "y"), closing), finish("Really.")],
      { session },
    );

    expect(await result).toMatchObject({ kind: "finished", summary: "Really." });
    expect(model.requests[1]?.messages.at(-1)?.text).toContain("Not closed");
  });

  it("runs no more than 16 of 500 and answers each that the history keeps", async () => {
    await using session = await folderSession();
    const many = Array.from({ length: 500 }, (_, i) => run(`echo ${i}`));
    const { result, model } = workWith([calling(...many), finish()], { session });

    await result;

    expect(commandsOf(session)).toHaveLength(16);
    expect(model.requests[1]?.messages.at(-1)?.text).toBe(
      "Not run: at most 16 calls in one reply.",
    );
    expect(model.requests[1]?.messages.length).toBeLessThan(40);
    expectSound(model);
  });

  it("may use an id twice or none, which the history mends", async () => {
    await using session = await folderSession();
    const calls = ["x", "x", "", ""].map((id, i) => ({ ...run(`echo ${i}`), id }));
    const { result, model } = workWith([{ calls }, finish()], { session });

    await result;

    expectSound(model);
    expect(commandsOf(session)).toHaveLength(4);
  });

  it("brings a bounded amount of output, its beginning and its end", async () => {
    await using session = await folderSession();
    const loud = "echo begin; head -c 500000 /dev/zero | tr '\\0' x; echo; echo end";
    const { result, model } = workWith(
      [calling(run(loud)), calling(...Array.from({ length: 10 }, () => run(loud))), finish()],
      { session },
    );
    await result;

    const texts = (turn: number) =>
      model.requests[turn]?.messages.flatMap((m) => (m.role === "tool" ? m.text : [])) ?? [];
    const [one] = texts(1);
    expect(one?.length).toBeLessThan(16_100);
    expect(one).toMatch(
      /^\[exit code 0\]\nbegin\nx[\s\S]*characters left out[\s\S]*x\nend\n\[Cut\. All 4 lines can be read by range: read \{"path": "output:1", "from": 1\}\]$/,
    );
    expect(texts(2).slice(1).join("").length).toBeLessThan(50_000);
  });
});
