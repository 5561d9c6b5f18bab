import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import type { AnthropicSignIn } from "../../../../src/models/anthropic/anthropic-client.ts";
import { openModel } from "../../../../src/models/open-model.ts";
import { anthropicWire } from "../../../world/model/anthropic-wire.ts";
import type { Wire } from "../../../world/model/wire.ts";
import { startWireServer, type WireTurn } from "../../../world/model/wire-server.ts";
import { asking, patience } from "../asking.ts";

const before = { ...process.env };

afterEach(() => {
  process.env = before;
});

/** The API with its endpoint for tokens. */
const wire: Wire = {
  ...anthropicWire,
  mistakes: (request) =>
    request.path === "/v1/oauth/token" ? [] : anthropicWire.mistakes(request),
};

async function serving(signIn: (url: string) => AnthropicSignIn, turns: readonly WireTurn[]) {
  const server = await startWireServer(wire, (index) => turns[index] ?? { say: { text: "ok" } });
  const model = openModel({
    provider: "anthropic",
    baseUrl: server.url,
    model: "claude-test",
    signIn: signIn(server.url),
    timeoutMs: 60_000,
    maxTries: 1,
  });
  return { ...server, ask: () => model.reply(asking(), patience()) };
}

it("puts a token on the wire, whatever the environment says", async () => {
  process.env = {
    ...before,
    ANTHROPIC_API_KEY: "sk-stray",
    ANTHROPIC_AUTH_TOKEN: "stray-token",
    ANTHROPIC_PROFILE: "stray",
    ANTHROPIC_CUSTOM_HEADERS: "Authorization: Bearer stray\nanthropic-beta: stray",
  };
  const token = async () => ({ token: "token-1", expiresAt: null });
  await using server = await serving(() => ({ token }), []);

  const reply = await server.ask();

  expect(reply.text).toBe("ok");
  expect(server.mistakes).toEqual([]);
  expect(server.requests[0]?.headers).toMatchObject({
    authorization: "Bearer token-1",
    "anthropic-beta": "oauth-2025-04-20",
  });
  expect(JSON.stringify(server.requests)).not.toMatch(/stray/i);
});

it("takes a new token when one is refused, and shows neither", async () => {
  let given = 0;
  const token = async () => {
    given += 1;
    return { token: `token-no-${given}`, expiresAt: null };
  };
  const refusal = anthropicWire.refusal("auth", "token-no-1 and token-no-2 are worth nothing");
  await using server = await serving(() => ({ token }), [refusal, refusal]);

  const thrown: unknown = await server.ask().catch((error: unknown) => error);

  expect(thrown).toMatchObject({ name: "NexusError", code: "model.auth" });
  expect(String(thrown)).not.toContain("token-no");
  const sent = server.requests.map(({ headers }) => headers.authorization);
  expect(sent).toEqual(["Bearer token-no-1", "Bearer token-no-2"]);
});

it("tells when no token can be had", async () => {
  const token = () => Promise.reject(new Error("The vault is shut."));
  await using server = await serving(() => ({ token }), []);

  await expect(server.ask()).rejects.toMatchObject({ name: "NexusError", code: "model.auth" });
  expect(server.requests).toEqual([]);
});

it("renews a profile's token at the profile's own address and keeps it in its file", async () => {
  const folder = await mkdtemp(join(tmpdir(), "nexus-profile-"));
  const file = join(folder, "credentials.json");
  await writeFile(
    file,
    JSON.stringify({
      type: "oauth_token",
      access_token: "old-token",
      expires_at: 1,
      refresh_token: "refresh-1",
    }),
  );
  await chmod(file, 0o600);
  const renewed: WireTurn = {
    status: 200,
    body: {
      access_token: "new-token",
      token_type: "Bearer",
      expires_in: 3600,
      refresh_token: "refresh-2",
    },
  };
  const profile = {
    authentication: { type: "user_oauth", client_id: "client", credentials_path: file },
    workspace_id: "wrkspc_1",
  } as const;
  process.env = { ...before, ANTHROPIC_BASE_URL: "http://stray.example" };
  await using server = await serving(() => ({ profile }), [renewed]);

  const reply = await server.ask();

  expect(reply.text).toBe("ok");
  expect(server.mistakes).toEqual([]);
  expect(server.requests.map(({ path }) => path)).toEqual(["/v1/oauth/token", "/v1/messages"]);
  expect(JSON.stringify(server.requests[0]?.body)).toContain("refresh-1");
  expect(server.requests[1]?.headers).toMatchObject({
    authorization: "Bearer new-token",
    "anthropic-workspace-id": "wrkspc_1",
  });
  await rm(folder, { recursive: true });
});

it("refuses a profile that leads nowhere", () => {
  const profile = { authentication: { type: "user_oauth" } } as const;

  const open = () =>
    openModel({
      provider: "anthropic",
      model: "claude-test",
      signIn: { profile },
      timeoutMs: 1000,
    });

  expect(open).toThrow(expect.objectContaining({ code: "config.invalid" }));
});
