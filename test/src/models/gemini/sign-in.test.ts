import { chmod, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loginGemini } from "../../../../src/models/gemini/login.ts";
import {
  keepRefreshToken,
  readRefreshToken,
  refreshTokenFile,
} from "../../../../src/models/gemini/refresh-token-file.ts";
import { signInAtGoogle } from "../../../../src/models/gemini/sign-in.ts";
import { type OAuthServer, startOAuthServer } from "../../../world/model/oauth-server.ts";

const CLIENT = { clientId: "client.apps.example", clientSecret: "client-secret-of-none" };

function signingIn(
  server: OAuthServer,
  browser: (url: string) => Promise<unknown>,
  signal = new AbortController().signal,
) {
  return signInAtGoogle({
    ...CLIENT,
    tokenUrl: `${server.url}/token`,
    consentUrl: `${server.url}/consent`,
    signal,
    show: (url) => void browser(url),
  });
}

/** What a browser does with the address that it is sent to. */
async function visit(redirectUri: string, query: Record<string, string>) {
  const response = await fetch(`${redirectUri}/?${new URLSearchParams(query).toString()}`);
  return { status: response.status, text: await response.text() };
}

describe("a person who signs in at Google", () => {
  it("gives a refresh token, by a code that only we can use", async () => {
    await using server = await startOAuthServer();
    let shown = "";
    let page = { status: 0, text: "" };
    const browsing = Promise.withResolvers<void>();

    const token = await signingIn(server, async (url) => {
      shown = url;
      const { redirectUri, state, code } = server.consent(url);
      page = await visit(redirectUri, { state, code });
      browsing.resolve();
    });
    await browsing.promise;

    expect(token).toBe("1//refresh-token-of-a-person");
    expect(page).toMatchObject({ status: 200, text: expect.stringContaining("signed in") });
    const asked = Object.fromEntries(new URL(shown).searchParams);
    expect(asked).toMatchObject({
      access_type: "offline",
      prompt: "consent",
      client_id: CLIENT.clientId,
      code_challenge_method: "S256",
      scope: "https://www.googleapis.com/auth/cloud-platform",
      redirect_uri: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    });
    expect(shown).not.toContain(CLIENT.clientSecret);
    expect(server.requests[0]?.form.code_verifier).toMatch(/^[\w.~-]{43,128}$/);
  });

  it("is waited for, whatever a stranger brings", async () => {
    await using server = await startOAuthServer();
    const pages: number[] = [];

    const token = await signingIn(server, async (url) => {
      const { redirectUri, state, code } = server.consent(url);
      const strange = [{ code: "stolen" }, { state: "guessed", code: "stolen" }, { state: "" }];
      for (const query of strange) pages.push((await visit(redirectUri, query)).status);
      pages.push((await fetch(`${redirectUri}/favicon.ico`)).status);
      pages.push((await fetch(`${redirectUri}/`, { method: "POST" })).status);
      await visit(redirectUri, { state, code });
    });

    expect(token).toBe("1//refresh-token-of-a-person");
    expect(pages).toEqual([400, 400, 400, 404, 404]);
    expect(server.requests).toHaveLength(1);
  });

  it("may decline", async () => {
    await using server = await startOAuthServer();

    const signedIn = signingIn(server, async (url) => {
      const { redirectUri, state } = server.consent(url);
      await visit(redirectUri, { state, error: "access_denied" });
    });

    await expect(signedIn).rejects.toMatchObject({
      code: "model.auth",
      message: expect.stringContaining("access_denied"),
    });
    expect(server.requests).toEqual([]);
  });

  it.each([
    ["a refusal", { status: 400, body: { error: "invalid_client" } }],
    ["no refresh token", { status: 200, body: { access_token: "ya29.only" } }],
  ])("is not signed in after %s, and no secret is told", async (_, answer) => {
    await using server = await startOAuthServer(() => answer);

    const signedIn = signingIn(server, async (url) => {
      const { redirectUri, state, code } = server.consent(url);
      await visit(redirectUri, { state, code });
    });

    const error: unknown = await signedIn.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "model.auth", cause: undefined });
    expect(JSON.stringify(error)).not.toContain(CLIENT.clientSecret);
  });

  it("may go away", async () => {
    await using server = await startOAuthServer();
    const stop = new AbortController();

    const signedIn = signingIn(server, async () => stop.abort(), stop.signal);

    await expect(signedIn).rejects.toMatchObject({ code: "aborted" });
  });

  it("needs a client of the operator's own", async () => {
    await using server = await startOAuthServer();

    const signedIn = signInAtGoogle({
      clientId: "",
      clientSecret: "",
      tokenUrl: server.url,
      signal: new AbortController().signal,
      show: () => {},
    });

    await expect(signedIn).rejects.toMatchObject({ code: "config.invalid" });
  });
});

describe("a kept sign-in", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "nexus-sign-in-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it("is for this user alone, and the newest one counts", async () => {
    const file = refreshTokenFile(join(folder, "deeper"));

    await keepRefreshToken(file, "1//first");
    await keepRefreshToken(file, "1//second");

    expect(await readRefreshToken(file)).toBe("1//second");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, "utf8")).toBe("1//second\n");
    expect(await readdir(join(folder, "deeper"))).toHaveLength(1);
  });

  it("comes from a sign-in", async () => {
    await using server = await startOAuthServer();

    const file = await loginGemini(folder, {
      ...CLIENT,
      tokenUrl: `${server.url}/token`,
      consentUrl: `${server.url}/consent`,
      signal: new AbortController().signal,
      show: (url) => {
        const { redirectUri, state, code } = server.consent(url);
        void visit(redirectUri, { state, code });
      },
    });

    expect(file).toBe(refreshTokenFile(folder));
    expect(await readRefreshToken(file)).toBe("1//refresh-token-of-a-person");
  });

  it("is none where nobody signed in, or where others can read it", async () => {
    const file = refreshTokenFile(folder);

    await expect(readRefreshToken(file)).rejects.toMatchObject({ code: "config.invalid" });
    await keepRefreshToken(file, "1//first");
    await chmod(file, 0o644);
    await expect(readRefreshToken(file)).rejects.toMatchObject({ code: "config.invalid" });
  });
});
