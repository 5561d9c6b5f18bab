import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createAppTokens } from "../../../src/github/app-tokens.ts";
import { client } from "../../world/github/client.ts";
import { publisherWorld, repo } from "./publisher-world.ts";

describe("tokens of the App", () => {
  it("read one repository and nothing else", async () => {
    const { world, tokens, installationId, issue } = await publisherWorld();
    await world.createRepository({ owner: "ada", name: "other", private: true, files: { a: "1" } });

    const { token, expiresAt } = await tokens.read({ repo, installationId });

    const call = client(world, token);
    expect((await call("GET /repos/ada/sums")).status).toBe(200);
    expect((await call(`GET /repos/ada/sums/issues/${issue}`)).status).toBe(200);
    expect((await call("GET /repos/ada/other")).status).toBe(404);
    expect(
      (await call(`POST /repos/ada/sums/issues/${issue}/comments`, { body: "x" })).status,
    ).toBe(403);
    expect(Date.parse(expiresAt)).toBeGreaterThan(Date.now());
  });

  it("write what they were asked for and nothing else", async () => {
    const { world, tokens, installationId, issue, sha } = await publisherWorld();

    const token = await tokens.write({ repo, installationId }, { issues: "write" });

    const call = client(world, token);
    const run = { name: "x", head_sha: sha, status: "completed", conclusion: "success" };
    expect(
      (await call(`POST /repos/ada/sums/issues/${issue}/comments`, { body: "x" })).status,
    ).toBe(201);
    expect((await call("POST /repos/ada/sums/check-runs", run)).status).toBe(403);
  });

  it("are fresh each time", async () => {
    const { tokens, installationId } = await publisherWorld();
    const at = { repo, installationId };

    expect((await tokens.read(at)).token).not.toBe((await tokens.read(at)).token);
  });

  it("write under the App's login, which is asked for once", async () => {
    const { tokens, asked } = await publisherWorld();

    expect([await tokens.botLogin(), await tokens.botLogin()]).toEqual([
      "nexus[bot]",
      "nexus[bot]",
    ]);
    expect(asked("GET", /^\/app$/)).toHaveLength(1);
  });

  it("are refused for another's repository and another installation", async () => {
    const { tokens, installationId } = await publisherWorld();

    for (const ask of [
      () => tokens.read({ repo: { owner: "ada", name: "none" }, installationId }),
      () => tokens.read({ repo, installationId: 1 }),
    ]) {
      await expect(ask()).rejects.toMatchObject({ code: "github.refused", retryable: false });
    }
  });

  it("may be had later when our own key is not accepted", async () => {
    const { world, installationId } = await publisherWorld();
    const { privateKey } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    const forged = createAppTokens({ appId: world.app.id, privateKey, apiUrl: world.apiUrl });

    for (const ask of [() => forged.read({ repo, installationId }), () => forged.botLogin()]) {
      await expect(ask()).rejects.toMatchObject({
        code: "github.refused",
        retryable: true,
        hint: expect.stringContaining("APP_ID"),
      });
    }
  });

  it("may be had later when the permissions wait to be accepted, but not a repository's that is out of reach", async () => {
    const { world, tokens, installationId } = await publisherWorld();
    const answer = (message: string) =>
      world.fault({
        match: { path: /access_tokens$/ },
        kind: "status",
        status: 422,
        body: { message },
      });

    answer("The permissions requested are not granted to this installation.");
    await expect(tokens.read({ repo, installationId })).rejects.toMatchObject({
      code: "github.refused",
      retryable: true,
      hint: expect.stringContaining("accepted"),
    });
    answer("There is at least one repository that does not exist or is not accessible.");
    await expect(tokens.read({ repo, installationId })).rejects.toMatchObject({
      code: "github.refused",
      retryable: false,
    });
  });

  it("are asked for again after GitHub was away", async () => {
    const { world, tokens, installationId } = await publisherWorld();
    world.fault({ match: { path: /access_tokens$/ }, kind: "status", status: 503 });
    world.fault({ match: { path: /^\/app$/ }, kind: "status", status: 502 });

    await expect(tokens.read({ repo, installationId })).rejects.toMatchObject({
      code: "github.unreachable",
      retryable: true,
    });
    await expect(tokens.botLogin()).rejects.toMatchObject({
      code: "github.unreachable",
      retryable: true,
    });

    expect((await tokens.read({ repo, installationId })).token).toMatch(/^ghs_/);
    expect(await tokens.botLogin()).toBe("nexus[bot]");
  });
});
