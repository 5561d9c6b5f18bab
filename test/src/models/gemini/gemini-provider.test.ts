import { createModel } from "../../../../src/models/create-model.ts";
import { openGemini } from "../../../../src/models/gemini/open-gemini.ts";
import { modelContract } from "../../../contracts/model.contract.ts";
import { geminiWire } from "../../../world/model/gemini-wire.ts";

const KEY = "AIzaTestKeyThatIsNone0123456789";

modelContract("Gemini", {
  wire: geminiWire,
  key: KEY,
  open: ({ url, model, bounds }) =>
    createModel(model, openGemini({ model, baseUrl: url, apiKey: KEY }), bounds),
});
