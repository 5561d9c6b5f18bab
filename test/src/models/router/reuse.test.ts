import { expect, it } from "vitest";
import { z } from "zod";
import type { ModelRequest } from "../../../../src/core/model.ts";
import { NO_USAGE } from "../../../../src/core/usage.ts";
import { requestKey } from "../../../../src/models/router/request-key.ts";
import { memoryReplies } from "../../../fakes/memory-replies.ts";
import type { Script } from "../../../world/model/script.ts";
import { asking, readFile } from "../asking.ts";
import { candidateAt, never, startRouting } from "./routing.ts";

const counting: Script = ({ index }) => ({ text: `reply ${index + 1}` });
const reusable = () => asking({ reusable: true });

it("the same request is answered once, and the second time for nothing", async () => {
  await using at = await startRouting([counting], { cache: memoryReplies() });

  const first = await at.model.reply(reusable(), never);
  const second = await at.model.reply(reusable(), never);

  expect(first.usage.calls).toBe(1);
  expect(second).toMatchObject({ text: "reply 1", usage: NO_USAGE });
  expect(second.served).toEqual({
    provider: "local",
    model: "m1",
    waitedMs: 0,
    isReused: true,
    attempts: [],
  });
  expect(at.asked()).toEqual([1]);
});

it("a request that does not say so is asked anew, and its reply is not kept", async () => {
  await using at = await startRouting([counting], { cache: memoryReplies() });

  await at.model.reply(asking(), never);
  await at.model.reply(reusable(), never);
  const again = await at.model.reply(asking(), never);

  expect(again.text).toBe("reply 3");
});

it("what failed or was cut off is not kept", async () => {
  const script: Script = ({ index }) =>
    [{ status: 400 }, { text: "half", finish: "length" as const }][index] ?? { text: "whole" };
  await using at = await startRouting([script], { cache: memoryReplies() });

  await expect(at.model.reply(reusable(), never)).rejects.toMatchObject({});
  const half = await at.model.reply(reusable(), never);
  const whole = await at.model.reply(reusable(), never);

  expect([half.stop, whole.text]).toEqual(["length", "whole"]);
});

it("a reply of the second choice does not answer for the first", async () => {
  const flaky: Script = ({ index }) => (index === 0 ? { status: 401 } : { text: "first" });
  await using at = await startRouting([flaky, counting], { cache: memoryReplies() });
  await at.model.reply(reusable(), never);
  at.pass(600_000);

  const reply = await at.model.reply(reusable(), never);

  expect(reply).toMatchObject({ text: "first", served: { model: "m1" } });
  expect(reply.served?.isReused).toBeUndefined();
});

it("a cache that does not work costs nothing but what it would have saved", async () => {
  const broken = {
    find: () => Promise.reject(new Error("down")),
    keep: () => Promise.reject(new Error("down")),
  };
  await using at = await startRouting([counting], { cache: broken });

  const reply = await at.model.reply(reusable(), never);

  expect(reply.text).toBe("reply 1");
  expect(at.troubles).toHaveLength(2);
});

it("a key stands for everything that can change the reply, and for nothing else", () => {
  const candidate = candidateAt("http://127.0.0.1:9", "m", { fingerprint: "100" });
  const request = asking({ tools: [readFile] });
  const key = requestKey(candidate, request);
  const called = (input: string): ModelRequest =>
    asking({
      messages: [{ role: "assistant", text: "", calls: [{ id: "1", name: "x", input }] }],
    });

  const different = [
    requestKey({ ...candidate, name: "n" }, request),
    requestKey({ ...candidate, provider: "kimi" }, request),
    requestKey({ ...candidate, fingerprint: "200" }, request),
    requestKey(candidate, { ...request, mustCall: !request.mustCall }),
    requestKey(candidate, { ...request, tools: [] }),
    requestKey(candidate, { ...request, tools: [{ ...readFile, input: z.strictObject({}) }] }),
    requestKey(candidate, { ...request, tools: [{ ...readFile, description: "?" }] }),
    requestKey(candidate, { ...request, output: { name: "o", schema: z.string() } }),
    requestKey(candidate, { ...request, messages: request.messages.toReversed() }),
    requestKey(candidate, called("1")),
    requestKey(candidate, called("2")),
  ];

  expect(key).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set([key, ...different]).size).toBe(different.length + 1);
  expect(requestKey(candidate, { ...request, cacheKey: "k", reusable: true })).toBe(key);
  const turned = request.messages.map((message) =>
    Object.fromEntries(Object.entries(message).toReversed()),
  ) as unknown as ModelRequest["messages"];
  expect(requestKey(candidate, { ...request, messages: turned })).toBe(key);
});
