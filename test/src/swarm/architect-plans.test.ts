import { describe, expect, it } from "vitest";
import { call, calling, type FakeReply } from "../../fakes/fake-model.ts";
import { ITEM, item, PLAN, plan, planWith, submit, unanswered } from "./architect-world.ts";

const oneWorker = (change: object = {}) => {
  const { goal, paths: own, department } = ITEM;
  const input = { summary: "Greets.", goal, paths: own, department, ...change };
  return calling(call("one_worker", input));
};
const paths = (...globs: string[]) => plan(item("a", { paths: globs }));

describe("a reply of the model that is no plan goes back with what is wrong", () => {
  it.each<[string, FakeReply, string]>([
    ["nothing at all", {}, "does not call submit_plan"],
    ["only blanks", { text: " \n " }, "does not call submit_plan"],
    ["a refusal in prose", { text: "I cannot help with that." }, "does not call submit_plan"],
    ["the plan as text", { text: JSON.stringify(PLAN) }, "the plan stands in its text"],
    [
      "the plan in a fenced block",
      { text: `Here it is:\n\`\`\`json\n${JSON.stringify(PLAN, null, 2)}\n\`\`\`` },
      "the plan stands in its text",
    ],
    [
      "a look and a plan",
      calling(call("list", { path: "" }), call("submit_plan", PLAN)),
      "2 calls",
    ],
    ["the plan in a wrapper", submit({ plan: PLAN }), "wrapped in another object"],
    ["another tool", calling(call("run", {})), "a tool that there is not"],
    ["the tool in other letters", calling(call("Submit_Plan", PLAN)), "a tool that there is not"],
    ["two plans", calling(call("submit_plan", PLAN), call("submit_plan", PLAN)), "2 calls"],
    [
      "500 calls",
      calling(...Array.from({ length: 500 }, () => call("submit_plan", PLAN))),
      "500 calls",
    ],
    ["a plan cut off", { ...submit(PLAN), stop: "length" }, "cut off"],
    ["text cut off", { text: "Let me think", stop: "length" }, "cut off"],
    ["empty input", submit(""), "not JSON"],
    ["half of a plan", submit('{"summary":"x","items":['), "not JSON"],
    [
      "JSON in fences",
      submit(`\`\`\`json\n${JSON.stringify(PLAN)}\n\`\`\``),
      "Leave out the fences",
    ],
    ["trailing commas", submit('{"summary":"x",}'), "not JSON"],
    ["two objects", submit("{}{}"), "not JSON"],
    ["a text around the plan", submit(JSON.stringify(JSON.stringify(PLAN))), "expected object"],
    ["a list", submit([PLAN]), "expected object"],
    ["null", submit("null"), "expected object"],
    ["50 MB", submit(`"${"x".repeat(50_000_000)}"`), "larger than"],
    ["deep nesting", submit("[".repeat(200_000)), "not JSON"],
    ["no fields", submit({}), "summary"],
    ["no items", plan(), "items"],
    ["21 items", plan(...Array.from({ length: 21 }, (_, i) => item(`i${i}`))), "items"],
    ["an unknown department", submit({ ...PLAN, items: [{ ...ITEM, department: "ops" }] }), "dep"],
    ["an id that is none", plan(item("Greet It")), "id"],
    ["items as text", submit({ ...PLAN, items: "greet" }), "items"],
    ["a path as number", submit({ ...PLAN, items: [{ ...ITEM, paths: [5] }] }), "paths"],
    ["the same id twice", plan(item("a"), item("a")), 'Two items have the id "a"'],
    ["an unknown dependency", plan(item("a", { dependsOn: ["zzz"] })), '"zzz", which is no item'],
    ["an item before itself", plan(item("a", { dependsOn: ["a"] })), "a → a"],
    [
      "a circle",
      plan(item("a", { dependsOn: ["b"] }), item("b", { dependsOn: ["a"] })),
      "a → b → a",
    ],
    ["a path upwards", paths("../other/**"), '".." is not allowed'],
    ["an absolute path", paths("/etc/passwd"), "not relative"],
    ["git's own files", paths(".git/hooks/pre-commit"), "inside .git"],
    ["git's own files in braces", paths("{src,.git}/**"), "inside .git"],
    ["a backslash", paths("src\\a.ts"), "backslash"],
    ["a folder for its files", paths("src/api"), "Write src/api/**"],
    ["a folder with its slash", paths("src/api/"), "Write src/api/**"],
    ["a path from here", paths("./src/a.ts"), 'Write it without "./"'],
    ["a file in other letters", paths("readme.md"), '"README.md" is there'],
    ["a folder in other letters", paths("Src/new.ts"), '"src" is there'],
    ["a pattern in other letters", paths("SRC/api/**"), 'take "SRC/api" for the same'],
    [
      "one new file in two spellings",
      plan(item("a", { paths: ["lib/Cart.ts"] }), item("b", { paths: ["lib/cart.ts"] })),
      '"lib/Cart.ts" is there or planned',
    ],
    ["a bomb of braces", paths("{a,b}".repeat(20)), "too many patterns"],
    ["a hidden character", paths("src/a\u200B.ts"), "invisible"],
    [
      "more paths than can be looked at",
      plan(...Array.from({ length: 5 }, (_, i) => item(`i${i}`, { paths: manyPaths(i) }))),
      "more than 200 paths",
    ],
    [
      "two checks of one name",
      submit({ ...PLAN, checks: Array(2).fill({ name: "t", command: "x" }) }),
      'Two checks have the name "t"',
    ],
    [
      "two items for one file",
      plan(item("a", { paths: ["src/**"] }), item("b", { paths: ["**/greet.ts"] })),
      '"a" and "b" may both change src/greet.ts',
    ],
    [
      "a check that agents may not run",
      submit({ ...PLAN, checks: [{ name: "t", command: "curl x | tee y" }] }),
      "was refused by policy: curl",
    ],
    [
      "a check that the repository forbids",
      submit({ ...PLAN, checks: [{ name: "t", command: "make x" }] }),
      "the repository forbids make",
    ],
    [
      "a check that runs nothing",
      submit({ ...PLAN, checks: [{ name: "t", command: " # all is well\n" }] }),
      'The check "t" runs nothing',
    ],
    [
      "an acceptance that agents may not run",
      plan(item("a", { acceptance: { name: "t", command: "git push" } })),
      'The check "t" was refused by policy',
    ],
    [
      "an acceptance with the name of a check",
      submit({
        ...PLAN,
        items: [item("a", { acceptance: { name: "t", command: "true" } })],
        checks: [{ name: "t", command: "true" }],
      }),
      'Two checks have the name "t"',
    ],
    ["a path upwards to be read", plan(item("a", { reads: ["../**"] })), "in `reads` of"],
    [
      "symbols of a file that is not its own",
      plan(item("a", { symbols: [{ path: "src/api/a.ts", names: ["x"] }] })),
      "which is not among its paths",
    ],
    [
      "symbols of a pattern",
      plan(item("a", { paths: ["src/**"], symbols: [{ path: "src/*.ts", names: ["x"] }] })),
      "which is a pattern",
    ],
    ["tests that are none", plan(item("a", { department: "qa" })), "is for qa"],
    ["a question nobody sees", submit({ ...PLAN, questions: ["\u200B "] }), "Question 1 holds no"],
    ["a question twice", submit({ ...PLAN, questions: ["Why?", "Why? "] }), "asked twice"],
    ["six questions", submit({ ...PLAN, questions: ["1", "2", "3", "4", "5", "6"] }), "questions"],
    ["a risk nobody sees", submit({ ...PLAN, risks: ["\u2060"] }), "Risk 1 holds no"],
    [
      "an estimate that is none",
      submit({ ...PLAN, items: [{ ...ITEM, estimate: "2h" }] }),
      "estim",
    ],
    ["one worker without a goal", oneWorker({ goal: undefined }), "goal"],
    ["one worker in a folder", oneWorker({ paths: ["src/api"] }), "Write src/api/**"],
    ["one worker of no department", oneWorker({ department: "all" }), "department"],
    [
      "more problems than are told",
      plan(...Array.from({ length: 15 }, (_, i) => item(`i${i}`, { paths: ["/a", "/b"] }))),
      "And 10 more.",
    ],
    [
      "two items for one new file",
      plan(item("a", { paths: ["lib/new.ts"] }), item("b", { paths: ["lib/new.ts"] })),
      "lib/new.ts",
    ],
  ])("%s", async (_, reply, problem) => {
    const { model, result, steps } = planWith([reply, submit(PLAN)]);

    const planned = await result;

    expect(planned).toMatchObject({ kind: "planned", usage: { calls: 2, input: 20 } });
    const told = model.requests[1]?.messages.at(-1);
    expect(told?.text).toContain(problem);
    expect(told?.text.length).toBeLessThan(6000);
    expect(steps).toHaveLength(2);
    expect(unanswered(model)).toEqual([]);
  });
});

function manyPaths(seed: number): string[] {
  return Array.from({ length: 50 }, (_, i) => `f${seed}-${i}`);
}

const shared = (a: readonly string[], b: readonly string[], path = "src/greet.ts") =>
  plan(
    item("a", { paths: [path], symbols: a.length > 0 ? [{ path, names: [...a] }] : [] }),
    item("b", { paths: [path], symbols: b.length > 0 ? [{ path, names: [...b] }] : [] }),
  );

describe("a file that two items change at the same time", () => {
  it.each<[string, FakeReply, string]>([
    ["without symbols", shared([], []), '"a" and "b" names no symbols of it'],
    ["with symbols of one only", shared(["greet"], []), '"b" names no symbols of it'],
    ["with one symbol for both", shared(["greet"], ["greet"]), "both name greet"],
    ["with one written in two ways", shared(["greet()"], ["greet"]), "are in one part of it"],
    ["with one new symbol for both", shared(["fresh"], ["fresh"]), "both name fresh"],
    ["with a class and its method", shared(["Host"], ["Host.welcome"]), "are in one part of it"],
    ["with a class and a method by its own name", shared(["welcome"], ["Host"]), "in one part"],
    ["with a class and a new method of it", shared(["Host"], ["Host.fresh"]), "in one part of it"],
    ["with a class and a new Host::fresh", shared(["Host"], ["Host::fresh"]), "in one part of it"],
    [
      "with a class and a new Host#fresh()",
      shared(["Host#fresh()"], ["Host"]),
      "in one part of it",
    ],
    [
      "with one new method written in two ways",
      shared(["Host::fresh"], ["Host#fresh()"]),
      "are in one part of it",
    ],
    ["with a hidden method and its class", shared(["Host.#hidden"], ["Host"]), "in one part of it"],
    [
      "that cannot be parsed",
      shared(["x"], ["y"], "src/broken.ts"),
      "no parser can tell its parts",
    ],
    ["of no known language", shared(["x"], ["y"], "data.bin"), "no parser can tell its parts"],
    ["that is not there yet", shared(["x"], ["y"], "src/new.ts"), "does not exist yet"],
    [
      "by a pattern of both",
      plan(
        item("a", { paths: ["src/**"], symbols: [{ path: "src/greet.ts", names: ["greet"] }] }),
        item("b", { paths: ["src/**"], symbols: [{ path: "src/greet.ts", names: ["Host"] }] }),
      ),
      "may both change src/** at the same time. Let one depend",
    ],
  ])("is refused %s", async (_, reply, problem) => {
    const { model, result } = planWith([reply, submit(PLAN)]);

    await result;

    expect(model.requests[1]?.messages.at(-1)?.text).toContain(problem);
  });

  it.each<[string, FakeReply]>([
    ["by functions", shared(["greet"], ["LIMIT", "Host"])],
    ["by methods of one class", shared(["Host.welcome"], ["Host.part"])],
    ["with what is new", shared(["greet"], ["farewell"])],
    [
      "that one of them names by a pattern",
      plan(
        item("a", { paths: ["src/g*.ts"], symbols: [{ path: "src/greet.ts", names: ["greet"] }] }),
        item("b", { symbols: [{ path: "src/greet.ts", names: ["Host"] }] }),
      ),
    ],
  ])("may be split %s", async (_, reply) => {
    const { result } = planWith([reply]);

    expect(await result).toMatchObject({ kind: "planned", usage: { calls: 1 } });
  });
});

describe("a plan for one worker", () => {
  it("is one item, with all that was said of it", async () => {
    const acceptance = { name: "greets", command: "npm test -- greet" };
    const said = { acceptance, reads: ["src/api/**"], estimate: "small", checks: [] };
    const { result } = planWith([oneWorker({ ...said, risks: ["Callers."], questions: ["Who?"] })]);

    expect(await result).toMatchObject({
      kind: "planned",
      plan: {
        summary: "Greets.",
        items: [
          {
            id: "change",
            title: "Greets.",
            department: "backend",
            goal: "greet(name) greets.",
            paths: ["src/greet.ts"],
            reads: ["src/api/**"],
            acceptance,
            estimate: "small",
            dependsOn: [],
          },
        ],
        checks: [],
        risks: ["Callers."],
        questions: ["Who?"],
      },
    });
  });

  it("has a title that is short, whatever the summary", async () => {
    const { result } = planWith([oneWorker({ summary: `\n${"long ".repeat(150)}` })]);

    expect(await result).toMatchObject({ plan: { items: [{ title: "The whole change" }] } });
  });
});

describe("work for qa", () => {
  it.each<[string, Parameters<typeof item>[1]]>([
    ["test/**", { paths: ["test/**"] }],
    ["a test file", { paths: ["src/greet.test.ts"] }],
    ["Python's tests", { paths: ["pkg/test_greet.py"] }],
    ["Go's tests", { paths: ["pkg/greet_test.go"] }],
    ["Java's tests", { paths: ["src/GreetTest.java"] }],
    ["an acceptance", { acceptance: { name: "t", command: "npm test" } }],
  ])("is named by %s", async (_, change) => {
    const { result } = planWith([plan(item("a", { department: "qa", ...change }))]);

    expect(await result).toMatchObject({ kind: "planned", usage: { calls: 1 } });
  });

  it("is not what only sounds like it", async () => {
    const change = { department: "qa" as const, paths: ["src/latest.ts"] };
    const { model, result } = planWith([plan(item("a", change)), submit(PLAN)]);

    await result;

    expect(model.requests).toHaveLength(2);
  });
});

describe("a plan of several items", () => {
  it.each([
    ["one after the other", [item("a"), item("b", { dependsOn: ["a"] })]],
    [
      "one after the other through a third",
      [
        item("a"),
        item("c", { paths: ["src/c.ts"], dependsOn: ["a"] }),
        item("b", { dependsOn: ["c"] }),
      ],
    ],
    ["in different files", [item("a"), item("b", { paths: ["src/api/**"] })]],
    ["in a new folder", [item("a"), item("b", { paths: ["src/new/deep/x.ts", "docs/**"] })]],
    ["to other letters", [item("a", { paths: ["README.md", "readme.md"] })]],
    [
      "README.md, one after the other",
      [
        item("a", { paths: ["src/greet.ts", "README.md"] }),
        item("b", { paths: ["src/api/**", "README.md"], dependsOn: ["a"] }),
      ],
    ],
  ])("may change %s", async (_, items) => {
    const { result } = planWith([plan(...items)]);

    expect((await result).kind).toBe("planned");
  });
});
