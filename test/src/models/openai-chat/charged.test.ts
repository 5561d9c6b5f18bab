import { expect, it } from "vitest";
import { startScriptedModel } from "../../../world/model/scripted-model.ts";
import { asking, modelAt, patience } from "../asking.ts";

const TOKENS = { prompt_tokens: 194, completion_tokens: 2 };

async function chargedBy(provider: "openrouter" | "openai-chat", told: object) {
  const usage = { ...TOKENS, ...told };
  await using server = await startScriptedModel(() => ({ text: "hello", usage }));
  const { model } = modelAt(server.url, { provider });
  return (await model.reply(asking(), patience())).charged;
}

it.each([
  ["its credits are dollars", { cost: 0.95, is_byok: false }, 950_000],
  ["a part of a millionth is a whole one", { cost: 0.000_000_12 }, 1],
  [
    "sums of fractions do not drift",
    { cost: 0.1, cost_details: { upstream_inference_cost: 0.2 } },
    300_000,
  ],
  ["a free model costs nothing", { cost: 0, is_byok: false, cost_details: null }, 0],
  [
    "with a key of one's own the other vendor's bill comes beside it",
    { cost: 0.95, is_byok: true, cost_details: { upstream_inference_cost: 19 } },
    19_950_000,
  ],
  [
    "what its own key paid upstream is in its cost",
    { cost: 0.95, is_byok: false, cost_details: { upstream_inference_cost: 0.9 } },
    950_000,
  ],
])("OpenRouter tells what a call cost: %s", async (_name, told, expected) => {
  expect(await chargedBy("openrouter", told)).toBe(expected);
});

it.each([
  ["no cost", {}],
  ["a negative cost", { cost: -1 }],
  ["a cost in words", { cost: "0.95" }],
  ["a cost beyond belief", { cost: 1e300 }],
  ["only its own part of the bill", { cost: 0.05, is_byok: true }],
  ["nothing, and not whose key was used", { cost: 0 }],
])("its tokens are counted where it tells %s", async (_name, told) => {
  expect(await chargedBy("openrouter", told)).toBeUndefined();
});

it("an answer that ran out of room is no answer, and is billed all the same", async () => {
  await using server = await startScriptedModel(() => ({
    text: "",
    finish: "model_context_window_exceeded",
  }));
  const { model } = modelAt(server.url, { provider: "openrouter" });

  await expect(model.reply(asking(), patience())).rejects.toMatchObject({
    code: "model.context-too-long",
    charged: "unknown",
  });
});

it("nobody else's cost is taken for dollars", async () => {
  expect(await chargedBy("openai-chat", { cost: 0.95, is_byok: false })).toBeUndefined();
});
