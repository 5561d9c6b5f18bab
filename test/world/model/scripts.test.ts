import { describe, expect, it } from "vitest";
import type { Script, ScriptedRequest, Turn } from "./script.ts";
import {
  brokenJson,
  byAgent,
  liar,
  neverFinishes,
  rateLimitedThen500ThenHangs,
  sequence,
} from "./scripts.ts";

function request(
  given: { index?: number; tools?: string[]; workItem?: string } = {},
): ScriptedRequest {
  const { index = 0, tools = [], workItem } = given;
  return {
    index,
    body: { model: "m", messages: [{ role: "user", content: "x" }] },
    agent: { system: "", firstUserText: "x", lastUserText: "x", tools, workItem },
  };
}

async function turns(script: Script, requests: readonly ScriptedRequest[]): Promise<Turn[]> {
  const said: Turn[] = [];
  for (const each of requests) said.push(await script(each));
  return said;
}

describe("a sequence", () => {
  it("takes the turns in order and complains about one request too many", async () => {
    const script = sequence([{ text: "one" }, { text: "two" }]);

    const said = await turns(script, [request({ index: 0 }), request({ index: 1 })]);

    expect(said).toEqual([{ text: "one" }, { text: "two" }]);
    expect(() => script(request({ index: 2 }))).toThrow("request 3 came, the script has 2 turns");
  });
});

describe("scripts by agent", () => {
  const architect = { tools: ["submit_plan"] };
  const worker = (workItem: string) => ({ tools: ["read_file", "finish"], workItem });
  const cast = () =>
    byAgent({
      architect: sequence([{ text: "plan" }, { text: "better plan" }]),
      worker: (itemId) => sequence([{ text: `${itemId} one` }, { text: `${itemId} two` }]),
    });

  it("keep their own count while their requests mix", async () => {
    const asked = [architect, worker("a"), worker("b"), architect, worker("b"), worker("a")];

    const said = await turns(
      cast(),
      asked.map((agent, index) => request({ ...agent, index })),
    );

    expect(said).toEqual([
      { text: "plan" },
      { text: "a one" },
      { text: "b one" },
      { text: "better plan" },
      { text: "b two" },
      { text: "a two" },
    ]);
  });

  it.each([
    { tools: [], problem: "nobody is offered" },
    { tools: ["read_file"], problem: "nobody is offered read_file" },
    { tools: ["finish"], problem: "names no work item" },
  ])("complain about an agent they do not know: $tools", ({ tools, problem }) => {
    const script = cast();

    expect(() => script(request({ tools }))).toThrow(problem);
  });
});

describe("models that misbehave", () => {
  it("a liar finishes at once and claims that all is tested", async () => {
    const said = await liar()(request({ tools: ["finish"] }));

    expect(said).toMatchObject({
      calls: [{ name: "finish", input: { summary: expect.stringContaining("every test passes") } }],
    });
  });

  it("broken JSON calls a real tool with arguments that cannot be read", async () => {
    const said = await brokenJson()(request({ tools: ["write_file", "finish"] }));

    expect(said).toMatchObject({ calls: [{ name: "write_file" }] });
    const raw = "calls" in said ? (said.calls?.[0]?.rawJson ?? "{}") : "{}";
    expect(() => JSON.parse(raw)).toThrow();
  });

  it.each<[string[], Turn]>([
    [["finish", "list_files"], { calls: [{ name: "list_files", input: {} }] }],
    [["submit_plan"], { text: "Let me think again." }],
  ])("one that never finishes does anything else, offered %j", async (tools, expected) => {
    const said = await turns(neverFinishes(), [request({ tools }), request({ tools, index: 9 })]);

    expect(said).toEqual([expected, expected]);
  });

  it("one that never finishes repeats the call it was given", async () => {
    const call = { name: "read_file", input: { path: "a" } };

    const said = await neverFinishes(call)(request({ tools: ["finish"] }));

    expect(said).toEqual({ calls: [call] });
  });

  it("one in trouble is limited, then broken, then silent", async () => {
    const said = await turns(
      rateLimitedThen500ThenHangs(),
      [0, 1, 2, 3].map((index) => request({ index })),
    );

    expect(said).toEqual([
      { status: 429, headers: { "retry-after-ms": "1" } },
      { status: 500 },
      { hang: true },
      { hang: true },
    ]);
  });
});
