import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Message, ModelRequest } from "../../../src/core/model.ts";
import { requestDigest } from "../../../src/core/request-digest.ts";

const SYSTEM: Message = { role: "system", text: "You are a worker." };
const SAID: Message = { role: "assistant", text: "", calls: [], vendor: { a: 1, b: [2] } };
const TOOL = { name: "look", description: "Looks.", input: z.object({ path: z.string() }) };
const REQUEST: ModelRequest = { messages: [SYSTEM, SAID], tools: [TOOL], mustCall: false };

async function changedIn(changed: Partial<ModelRequest>): Promise<string[]> {
  const before = await requestDigest(REQUEST);
  const after = await requestDigest({ ...REQUEST, ...changed });
  return Object.entries(after).flatMap(([part, digest]) =>
    digest === before[part as keyof typeof before] ? [] : [part],
  );
}

describe("the digest of a request", () => {
  it("is four times the SHA-256 of a part, in hex", async () => {
    const digest = await requestDigest({ messages: [], tools: [], mustCall: false });

    // sha256 of `[]` and of `[false,null]`.
    const nothing = "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945";
    expect(digest).toMatchObject({ prompts: nothing, history: nothing, tools: nothing });
    expect(digest.answer).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each<[string, Partial<ModelRequest>, string[]]>([
    ["nothing where keys stand in another order", { messages: [SYSTEM, turned(SAID)] }, []],
    ["nothing where only the vendor's cache is told more", { cacheKey: "x", reusable: true }, []],
    ["its prompts", { messages: [{ role: "system", text: "You are a poet." }, SAID] }, ["prompts"]],
    ["its history", { messages: [SYSTEM, { ...SAID, text: "well" }] }, ["history"]],
    [
      "what a vendor wanted back",
      { messages: [SYSTEM, { ...SAID, vendor: { a: 2 } }] },
      ["history"],
    ],
    ["a tool's words", { tools: [{ ...TOOL, description: "Looks well." }] }, ["tools"]],
    ["a tool's input", { tools: [{ ...TOOL, input: z.object({}) }] }, ["tools"]],
    ["that a tool must be called", { mustCall: true }, ["answer"]],
    ["its shape", { output: { name: "o", schema: z.string() } }, ["answer"]],
  ])("tells %s", async (_what, changed, parts) => {
    expect(await changedIn(changed)).toEqual(parts);
  });
});

function turned<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).reverse()) as T;
}
