import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createModel } from "../../../../src/models/create-model.ts";
import { openGemini } from "../../../../src/models/gemini/open-gemini.ts";
import { modelContract } from "../../../contracts/model.contract.ts";
import { enterpriseWire } from "../../../world/model/gemini-wire.ts";
import { startOAuthServer } from "../../../world/model/oauth-server.ts";
import type { WireTurn } from "../../../world/model/wire-server.ts";
import { modelAt, personAt, REFRESH, SECRET, serving } from "./enterprise-world.ts";

const TOKEN = "ya29.token-for-everybody";

/** Google's token server, wherever it is asked for. */
async function tokenOfAll(): Promise<Response> {
  return Response.json({ access_token: TOKEN, expires_in: 3600, token_type: "Bearer" });
}

modelContract("Gemini for the enterprise", {
  wire: enterpriseWire,
  key: TOKEN,
  open: ({ url, model, bounds }) =>
    createModel(
      model,
      openGemini(
        {
          model,
          baseUrl: url,
          enterprise: {
            project: "project-1",
            account: { clientId: "id", clientSecret: SECRET, refreshToken: REFRESH },
          },
        },
        tokenOfAll,
      ),
      bounds,
    ),
});

describe("a person's sign-in", () => {
  it("gives one token for many calls, told to Gemini alone", async () => {
    await using oauth = await startOAuthServer();
    await using server = await serving();
    const { provider, reply } = modelAt(server, personAt(oauth));

    await Promise.all([reply(), reply()]);
    await reply();

    expect(oauth.requests).toHaveLength(1);
    expect(oauth.requests[0]?.form).toEqual({
      client_id: "client.apps.example",
      client_secret: SECRET,
      refresh_token: REFRESH,
      grant_type: "refresh_token",
    });
    expect(oauth.requests[0]?.headers["user-agent"]).toBe("nexus");
    expect(server.mistakes).toEqual([]);
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(
      Array(3).fill("Bearer ya29.token-0"),
    );
    expect(server.requests[0]?.path).toContain("/projects/project-1/locations/europe-west4/");
    expect(provider.secrets()).toEqual(expect.arrayContaining([SECRET, REFRESH, "ya29.token-0"]));
  });

  it("is renewed once where Gemini does not take the token", async () => {
    await using oauth = await startOAuthServer();
    const refusal: WireTurn = { status: 401, body: { error: { code: 401, status: "X" } } };
    await using server = await serving((index) =>
      index === 1 ? refusal : { say: { text: "ok" } },
    );
    const { reply } = modelAt(server, personAt(oauth));

    await reply();
    expect(await reply()).toMatchObject({ text: "ok" });

    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer ya29.token-0",
      "Bearer ya29.token-0",
      "Bearer ya29.token-1",
    ]);
  });

  it("is over where no token is taken", async () => {
    await using oauth = await startOAuthServer();
    await using server = await serving(() => ({ status: 401, body: { error: { code: 401 } } }));

    await expect(modelAt(server, personAt(oauth)).reply()).rejects.toMatchObject({
      code: "model.auth",
    });
    expect(server.requests).toHaveLength(2);
  });

  it("asks for a new token when the old one ends", async () => {
    await using oauth = await startOAuthServer((index) => ({
      status: 200,
      body: { access_token: `ya29.short-${index}`, expires_in: 1, token_type: "Bearer" },
    }));
    await using server = await serving();
    const { reply } = modelAt(server, personAt(oauth));

    await reply();
    await reply();

    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer ya29.short-0",
      "Bearer ya29.short-1",
    ]);
  });

  it.each([
    [400, { error: "invalid_grant", error_description: "Token has been revoked." }, "model.auth"],
    [401, { error: "invalid_client" }, "model.auth"],
    [200, { expires_in: 3600 }, "model.auth"],
    [200, "nonsense", "model.auth"],
    [403, "<html>", "model.auth"],
  ])("that ends with %d %j is told: %s", async (status, body, code) => {
    await using oauth = await startOAuthServer(() => ({ status, body }));
    await using server = await serving();

    const error: unknown = await modelAt(server, personAt(oauth))
      .reply()
      .catch((reason: unknown) => reason);

    expect(error).toMatchObject({ name: "NexusError", code, cause: undefined });
    const shown = error instanceof Error ? `${error.message}${error.stack}` : "";
    expect(shown).not.toContain(SECRET);
    expect(shown).not.toContain(REFRESH);
    expect(server.requests).toEqual([]);
  });

  it("is worth another try where the token server is in trouble or away", async () => {
    const oauth = await startOAuthServer(() => ({ status: 503, body: {} }));
    await using server = await serving();
    const { reply } = modelAt(server, personAt(oauth));

    await expect(reply()).rejects.toMatchObject({ code: "model.overloaded", retryable: true });
    await oauth[Symbol.asyncDispose]();
    await expect(reply()).rejects.toMatchObject({ code: "model.unreachable", retryable: true });
  });

  it("does not hold up who stops waiting for a token", async () => {
    const stop = new AbortController();
    await using oauth = await startOAuthServer(() => {
      stop.abort();
      return undefined;
    });
    await using server = await serving();

    await expect(modelAt(server, personAt(oauth)).reply(stop.signal)).rejects.toMatchObject({
      code: "aborted",
    });
  });

  it("counts a token server's silence as the vendor's", async () => {
    await using oauth = await startOAuthServer(() => undefined);
    await using server = await serving();
    const { reply } = modelAt(server, personAt(oauth), { idleMs: 200 });

    await expect(reply()).rejects.toMatchObject({ code: "model.timeout" });
  });
});

describe("what the environment says of tokens", () => {
  const before = { ...process.env };
  beforeEach(() => {
    process.env = { ...before };
  });
  afterEach(() => {
    vi.restoreAllMocks();
    process.env = before;
  });

  it("changes nothing and logs none", async () => {
    await using oauth = await startOAuthServer();
    await using elsewhere = await startOAuthServer();
    await using server = await serving();
    Object.assign(process.env, {
      GOOGLE_SDK_NODE_LOGGING: "all",
      NODE_DEBUG: "auth",
      GOOGLE_API_KEY: "stray-key",
      GEMINI_API_KEY: "stray-key",
      GOOGLE_CLOUD_PROJECT: "stray",
      GOOGLE_CLOUD_LOCATION: "stray",
      GOOGLE_CLOUD_QUOTA_PROJECT: "stray",
      GOOGLE_VERTEX_BASE_URL: elsewhere.url,
      HTTPS_PROXY: elsewhere.url,
      HTTP_PROXY: elsewhere.url,
    });
    const written: string[] = [];
    const keep = (chunk: unknown) => {
      written.push(String(chunk));
      return true;
    };
    vi.spyOn(process.stderr, "write").mockImplementation(keep);
    vi.spyOn(process.stdout, "write").mockImplementation(keep);

    await modelAt(server, personAt(oauth)).reply();

    expect(written.join("")).not.toMatch(/ya29|refresh-token|client-secret/);
    expect(JSON.stringify([server.requests, oauth.requests])).not.toContain("stray");
    expect(elsewhere.requests).toEqual([]);
    expect(server.mistakes).toEqual([]);
  });
});
