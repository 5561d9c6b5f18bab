import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Script } from "../world/model/script.ts";

/** The scripted model with a price: a dollar for a million tokens, whatever their kind. */
export async function priced(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "prices-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const all = {
    input: 1_000_000,
    cachedInput: 1_000_000,
    cacheWrite: 1_000_000,
    output: 1_000_000,
  };
  const path = join(folder, "prices.json");
  await writeFile(
    path,
    JSON.stringify({ prices: [{ provider: "local", model: "scripted", ...all }] }),
  );
  return path;
}

/** A model whose every call is told to have read this many tokens, so that a run costs what the test says. */
export function reading(tokens: (item: string | undefined) => number, script: Script): Script {
  return async (call) => {
    const turn = await script(call);
    const input = tokens(call.agent.workItem);
    const usage = { prompt_tokens: input, completion_tokens: 10, total_tokens: input + 10 };
    return { ...turn, usage };
  };
}
