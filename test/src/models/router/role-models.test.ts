import { describe, expect, it } from "vitest";
import { parseModelConfig } from "../../../../src/config.ts";
import { openAccount } from "../../../../src/core/account.ts";
import { createLimiter } from "../../../../src/models/limiter/limiter.ts";
import { createLocalDesk } from "../../../../src/models/limiter/local-desk.ts";
import { waitFor } from "../../../../src/models/retry.ts";
import { openRoleModels } from "../../../../src/models/router/role-models.ts";
import { memoryLedger } from "../../../fakes/memory-ledger.ts";
import { makeClaudeFolder } from "../../../world/model/claude-folder.ts";
import { claudeStream } from "../../../world/model/claude-stream.ts";
import { startScriptedModel } from "../../../world/model/scripted-model.ts";
import { asking } from "../asking.ts";
import { never } from "./routing.ts";

const nobodyPays = () => Promise.reject(new Error("It is free."));
const account = { reserve: nobodyPays, settle: nobodyPays, release: nobodyPays };

function roleModels(env: Record<string, string>) {
  const now = () => performance.now();
  return openRoleModels({
    models: parseModelConfig({ LOCAL_MODEL_URL: "http://127.0.0.1:9/v1", ...env }).models,
    limiter: createLimiter({ desk: createLocalDesk(now), now, wait: waitFor }),
    pricing: () => ({ kind: "free" }),
    onSwitch: () => {},
    onTrouble: () => {},
  });
}

describe("the models of a role", () => {
  const three = roleModels({ MODEL: "local:a, local:b, local:c", MODEL_MERGE: "local:d" });

  it("are asked in the written order", () => {
    expect(three.modelFor("worker", { account })?.name).toBe("local:a, local:b, local:c");
  });

  it.each([
    [0, "local:a, local:b, local:c"],
    [1, "local:b, local:c, local:a"],
    [2, "local:c, local:a, local:b"],
    [3, "local:a, local:b, local:c"],
    [4, "local:b, local:c, local:a"],
  ])(
    "begin at number %i where somebody wants that, and those before it come last",
    (...[startAt, name]) => {
      expect(three.modelFor("worker", { account }, { startAt })?.name).toBe(name);
    },
  );

  it("are one and the same where the list has only one, wherever it is to begin", () => {
    expect(three.modelFor("merge", { account }, { startAt: 1 })?.name).toBe("local:d");
  });

  it("are none where the role has no list", () => {
    const lone = roleModels({ MODEL_MERGE: "local:d" });

    expect(lone.modelFor("memory", { account }, { startAt: 1 })).toBeUndefined();
  });

  it("answer as the one that the list begins with", async () => {
    await using server = await startScriptedModel(() => ({ text: "hello" }));
    const models = roleModels({ MODEL: "local:a, local:b", LOCAL_MODEL_URL: server.url });

    const reply = await models
      .modelFor("worker", { account }, { startAt: 1 })
      ?.reply(asking(), never);

    expect(reply?.served).toMatchObject({ provider: "local", model: "b", attempts: [] });
  });
});

it("Claude Code is paid for by what it tells, and its own most is held before", async () => {
  await using claude = await makeClaudeFolder();
  await claude.play({ lines: claudeStream("hello") });
  const models = roleModels({
    MODEL: "claude-code:opus",
    CLAUDE_CODE_PROGRAM: claude.program,
    CLAUDE_CODE_ONLY_MINE: "yes",
    CLAUDE_CODE_MAX_DOLLARS: "0.75",
  });
  const ledger = memoryLedger();
  const at = { task: "t", repository: "o/r", leaseMs: 60_000 };
  const tight = openAccount({ ledger, ...at, caps: { task: 749_999 } });
  const enough = openAccount({ ledger, ...at, caps: { task: 750_000 } });
  const ask = (payer: typeof tight) =>
    models.modelFor("worker", { account: payer })?.reply(asking({ tools: [] }), never);

  await expect(ask(tight)).rejects.toMatchObject({ code: "model.budget-exhausted" });
  const reply = await ask(enough);

  expect(reply?.cost).toEqual({ amount: 12_346, isAtMost: false });
});
