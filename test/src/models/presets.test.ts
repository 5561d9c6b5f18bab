import { expect, it } from "vitest";
import { ModelPreset, presetHeaders, presetUrl } from "../../../src/models/presets.ts";
import { modelAt } from "./asking.ts";

it("knows the address of each vendor", () => {
  const urls = ModelPreset.options.map(presetUrl);

  expect(urls).toEqual([
    "https://api.openai.com/v1",
    "https://openrouter.ai/api/v1",
    "https://api.moonshot.ai/v1",
    "https://opencode.ai/zen/v1",
  ]);
});

it.each(ModelPreset.options)("gives settings that a model can be made of: %s", (name) => {
  const { model } = modelAt(presetUrl(name), { headers: presetHeaders(name) });

  expect(model.name).toBe("scripted");
});

it("tells OpenRouter who calls", () => {
  const headers = presetHeaders("openrouter");

  expect(headers).toEqual({ "X-Title": "Nexus" });
});
