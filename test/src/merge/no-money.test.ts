import { beforeAll, describe, expect, it } from "vitest";
import type { Syntax } from "../../../src/core/syntax.ts";
import { settleWithHelp } from "../../../src/merge/settle-with-help.ts";
import { createSyntax } from "../../../src/syntax/create-syntax.ts";
import { call, calling, type FakeModel, fakeModel } from "../../fakes/fake-model.ts";
import { memoryResolutions } from "../../fakes/memory-resolutions.ts";
import { outOfMoney } from "../../fakes/out-of-money.ts";
import { swarmPrompts } from "../../fakes/swarm-prompts.ts";
import { conflictedFile } from "./conflicted.ts";

const ONE = conflictedFile("one.txt", [["1\n", "1 mine\n", "1 theirs\n"]]);
const OTHER = conflictedFile("other.txt", [["2\n", "2 mine\n", "2 theirs\n"]]);

let syntax: Syntax;
beforeAll(async () => {
  syntax = await createSyntax();
});

const submit = (text: string | null) =>
  calling(call("submit_resolutions", { resolutions: [{ number: 1, text, why: "both" }] }));

function settling(model: FakeModel) {
  const intents = { ours: { title: "a", messages: [] }, theirs: { title: "b", messages: [] } };
  return settleWithHelp([ONE, OTHER], {
    memory: memoryResolutions(),
    model,
    prompts: swarmPrompts,
    syntax,
    redact: (text) => text,
    intents,
    signal: new AbortController().signal,
  });
}

describe("where there is no money to ask about a conflict", () => {
  it("nobody is asked about the files that follow, and money is told as the reason", async () => {
    const model = fakeModel([outOfMoney()]);

    const { files, exhausted } = await settling(model);

    expect(exhausted).toMatchObject({ exhaustion: { cap: "task" } });
    expect(files.map(({ merge }) => merge.kind)).toEqual(["conflicted", "conflicted"]);
    expect(model.requests).toHaveLength(1);
  });

  it("what was settled and paid for before is still told", async () => {
    const { files, usage, exhausted } = await settling(
      fakeModel([submit("1 mine\n1 theirs\n"), outOfMoney()]),
    );

    expect(files.map(({ merge }) => merge.kind)).toEqual(["merged", "conflicted"]);
    expect([usage.calls, exhausted?.code]).toEqual([1, "model.budget-exhausted"]);
  });

  it("money is no reason where another file is left to people anyway", async () => {
    const { exhausted } = await settling(fakeModel([submit(null), outOfMoney()]));

    expect(exhausted).toBeUndefined();
  });

  it("and none where there is enough", async () => {
    const { exhausted } = await settling(fakeModel(() => submit(null)));

    expect(exhausted).toBeUndefined();
  });
});

it("the same conflict in the same words may be answered by what was answered before", async () => {
  const model = fakeModel(() => submit(null));

  await settling(model);

  expect(model.requests.map(({ reusable }) => reusable)).toEqual([true, true]);
});
