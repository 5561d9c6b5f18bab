import { type CallBounds, createModel } from "../../../../src/models/create-model.ts";
import type { GoogleAccount } from "../../../../src/models/gemini/google-account.ts";
import { openGemini } from "../../../../src/models/gemini/open-gemini.ts";
import { enterpriseWire } from "../../../world/model/gemini-wire.ts";
import type { OAuthServer } from "../../../world/model/oauth-server.ts";
import {
  startWireServer,
  type WireServer,
  type WireTurn,
} from "../../../world/model/wire-server.ts";

export const SECRET = "client-secret-of-none";
export const REFRESH = "1//refresh-token-of-a-person";

export function personAt(server: OAuthServer): GoogleAccount {
  return {
    clientId: "client.apps.example",
    clientSecret: SECRET,
    refreshToken: REFRESH,
    tokenUrl: `${server.url}/token`,
  };
}

export function modelAt(
  server: WireServer,
  account: GoogleAccount,
  bounds: Partial<CallBounds> = {},
) {
  const provider = openGemini({
    model: "gemini-3-flash",
    baseUrl: server.url,
    enterprise: { project: "project-1", location: "europe-west4", account },
  });
  const model = createModel("gemini", provider, {
    timeoutMs: 60_000,
    maxTries: 1,
    wait: async () => {},
    ...bounds,
  });
  const reply = (signal = new AbortController().signal) =>
    model.reply(
      { messages: [{ role: "user", text: "Hello." }], tools: [], mustCall: false },
      signal,
    );
  return { provider, reply };
}

export function serving(script: (index: number) => WireTurn = () => ({ say: { text: "ok" } })) {
  return startWireServer(enterpriseWire, script);
}
