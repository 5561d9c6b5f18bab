import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createModel } from "../../../../src/models/create-model.ts";
import { openGemini } from "../../../../src/models/gemini/open-gemini.ts";
import { startOAuthServer } from "../../../world/model/oauth-server.ts";
import { modelAt, REFRESH, SECRET, serving } from "./enterprise-world.ts";

describe("a credentials file", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "nexus-google-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  it("of a service account signs for a token", async () => {
    await using oauth = await startOAuthServer();
    await using server = await serving();
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const credentials = JSON.stringify({
      type: "service_account",
      client_email: "nexus@project-1.iam.gserviceaccount.com",
      private_key: privateKey.export({ type: "pkcs8", format: "pem" }),
    });
    const asked: string[] = [];
    const provider = openGemini(
      {
        model: "gemini-3-flash",
        baseUrl: server.url,
        enterprise: { project: "project-1", account: { credentials } },
      },
      async (url, init) => {
        asked.push(url instanceof Request ? url.url : url.toString());
        return await fetch(oauth.url, init);
      },
    );
    const model = createModel("gemini", provider, { timeoutMs: 60_000, maxTries: 1 });

    const reply = await model.reply(
      { messages: [{ role: "user", text: "Hello." }], tools: [], mustCall: false },
      new AbortController().signal,
    );

    expect(reply.text).toBe("ok");
    expect(asked).toEqual(["https://oauth2.googleapis.com/token"]);
    expect(oauth.requests[0]?.form.assertion).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(server.requests[0]?.headers.authorization).toBe("Bearer ya29.token-0");
  });

  it("of a workload gives its own token for Google's", async () => {
    await using oauth = await startOAuthServer(() => ({
      status: 200,
      body: {
        access_token: "ya29.workload",
        expires_in: 3600,
        token_type: "Bearer",
        issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
      },
    }));
    await using server = await serving();
    const subject = join(folder, "subject");
    await writeFile(subject, "subject-token");
    const credentials = JSON.stringify({
      type: "external_account",
      audience:
        "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q",
      subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
      token_url: `${oauth.url}/v1/token`,
      credential_source: { file: subject },
    });

    expect(await modelAt(server, { credentials }).reply()).toMatchObject({ text: "ok" });

    expect(oauth.requests[0]?.form.subject_token).toBe("subject-token");
    expect(server.requests[0]?.headers.authorization).toBe("Bearer ya29.workload");
  });

  it.each([
    "",
    "nonsense",
    "{}",
    '{"type":"service_account"}',
    '{"type":"authorized_user","refresh_token":"x"}',
    '{"type":"external_account"}',
  ])("is refused as %j", async (credentials) => {
    await using server = await serving();

    expect(() => modelAt(server, { credentials })).toThrow(
      expect.objectContaining({ code: "config.invalid" }),
    );
  });

  it("with a broken key is told, and the key is not", async () => {
    await using server = await serving();
    const credentials = JSON.stringify({
      type: "service_account",
      client_email: "nexus@project-1.iam.gserviceaccount.com",
      private_key: "-----BEGIN PRIVATE KEY-----\nbroken\n-----END PRIVATE KEY-----\n",
    });

    await expect(modelAt(server, { credentials }).reply()).rejects.toMatchObject({
      code: "model.auth",
      message: expect.not.stringContaining("broken"),
    });
  });
});

describe("a project", () => {
  it.each([
    ["a b", "global"],
    ["project-1", "../x"],
    ["", "global"],
  ])("is refused as %j in %j", (project, location) => {
    const account = { clientId: "id", clientSecret: SECRET, refreshToken: REFRESH };

    expect(() =>
      openGemini({ model: "gemini-3-flash", enterprise: { project, location, account } }),
    ).toThrow(expect.objectContaining({ code: "config.invalid" }));
  });
});
