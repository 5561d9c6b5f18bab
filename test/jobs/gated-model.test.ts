import { expect, it } from "vitest";
import { gatedModel } from "../../jobs/gated-model.ts";
import type { Message, Model, ModelReply, ModelRequest } from "../../src/core/model.ts";
import { createRedactor, type Redact } from "../../src/core/redact.ts";
import { NO_USAGE } from "../../src/core/usage.ts";

const SECRET = "canary-7Qm2!xV9/pL4";
const COMPOSE = "DATABASE_URL: postgres://postgres:postgres@localhost:5432/app";
const redactKnown = createRedactor([SECRET], { shapes: false });

/** A model that says the given words, and what it was asked. */
async function asked(redact: Redact, messages: readonly Message[], said: Partial<ModelReply> = {}) {
  const requests: ModelRequest[] = [];
  const reply: ModelReply = { text: "", calls: [], usage: NO_USAGE, stop: "end", ...said };
  const model: Model = {
    name: "scripted",
    async reply(request) {
      requests.push(request);
      return reply;
    },
  };
  const gated = gatedModel(model, redact);
  const request = { messages, tools: [], mustCall: false };
  const answer = await gated.reply(request, new AbortController().signal);
  return { answer, prompt: requests[0]?.messages, name: gated.name };
}

it("no secret reaches the prompt, in whatever role", async () => {
  const call = { id: "c1", name: "edit", input: `{"new":"${SECRET}"}` };
  const { prompt } = await asked(redactKnown, [
    { role: "system", text: `system ${SECRET}` },
    { role: "user", text: `user ${SECRET}` },
    { role: "assistant", text: `said ${SECRET}`, calls: [call], vendor: { thought: [SECRET] } },
    { role: "tool", callId: "c1", text: `result ${btoa(SECRET)}` },
  ]);

  expect(prompt).toEqual([
    { role: "system", text: "system [secret]" },
    { role: "user", text: "user [secret]" },
    {
      role: "assistant",
      text: "said [secret]",
      calls: [{ ...call, input: '{"new":"[secret]"}' }],
      vendor: { thought: ["[secret]"] },
    },
    { role: "tool", callId: "c1", text: expect.stringMatching(/^result \[secret\].{0,4}$/) },
  ]);
});

it("no secret that the model knows comes back", async () => {
  const { answer } = await asked(redactKnown, [], {
    text: `my key is ${SECRET}`,
    calls: [{ id: "c1", name: "run", input: JSON.stringify({ command: `echo ${SECRET}` }) }],
    vendor: { thought: SECRET },
    stop: "calls",
  });

  expect(answer).toEqual({
    text: "my key is [secret]",
    calls: [{ id: "c1", name: "run", input: '{"command":"echo [secret]"}' }],
    vendor: { thought: "[secret]" },
    usage: NO_USAGE,
    stop: "calls",
  });
});

it("code that holds the password of an example is read and written as it is", async () => {
  const input = JSON.stringify({ path: "compose.yml", old: COMPOSE, new: `${COMPOSE}_test` });
  const { answer, prompt } = await asked(redactKnown, [{ role: "user", text: COMPOSE }], {
    calls: [{ id: "c1", name: "edit", input }],
  });

  expect(prompt).toEqual([{ role: "user", text: COMPOSE }]);
  expect(answer.calls).toEqual([{ id: "c1", name: "edit", input }]);
});

it("what holds the conversation together is never redacted", async () => {
  const messages: readonly Message[] = [
    { role: "assistant", text: "", calls: [{ id: "c1", name: "run", input: "{}" }] },
    { role: "tool", callId: "c1", text: "ok" },
  ];
  const { answer, prompt, name } = await asked(() => "[secret]", messages, {
    calls: [{ id: "c2", name: "finish", input: "{}" }],
    stop: "calls",
  });

  expect(prompt).toEqual([
    { role: "assistant", text: "[secret]", calls: [{ id: "c1", name: "run", input: "[secret]" }] },
    { role: "tool", callId: "c1", text: "[secret]" },
  ]);
  expect(answer).toEqual({
    text: "[secret]",
    calls: [{ id: "c2", name: "finish", input: "[secret]" }],
    usage: NO_USAGE,
    stop: "calls",
  });
  expect(name).toBe("scripted");
});
