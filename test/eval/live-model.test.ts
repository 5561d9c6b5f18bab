import { describe, expect, it } from "vitest";
import { startScriptedModel } from "../world/model/scripted-model.ts";
import { openLiveModel } from "./live-model.ts";

describe("a live model for evaluation", () => {
  it.each([
    { name: "gpt-9", env: {}, message: /MODEL: entry 1 is not provider:model/ },
    {
      name: "local:a,local:b",
      env: { LOCAL_MODEL_URL: "http://127.0.0.1:1/v1" },
      message: /names one model/,
    },
    { name: "openai:gpt-9", env: {}, message: /OPENAI_API_KEY: missing/ },
  ])("$name is refused: $message", ({ name, env, message }) => {
    expect(() => openLiveModel(name, env)).toThrow(message);
  });

  it("is asked at its own address, and costs nothing there", async () => {
    await using server = await startScriptedModel(() => ({ text: "yes" }));
    const live = openLiveModel("local:any", { LOCAL_MODEL_URL: server.url });

    const reply = await live.model.reply(
      { messages: [{ role: "user", text: "Say yes." }], tools: [], mustCall: false },
      AbortSignal.timeout(60_000),
    );

    expect(reply.text).toBe("yes");
    expect(await live.cost()).toEqual({ spent: 0, isAtMost: false });
  });

  it("has no cost that anybody knows where its price is unknown", async () => {
    const live = openLiveModel("openai:gpt-9", { OPENAI_API_KEY: "sk-test" });

    expect(await live.cost()).toBeUndefined();
  });
});
