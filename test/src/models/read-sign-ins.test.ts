import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseModelConfig } from "../../../src/config.ts";
import {
  keepRefreshToken,
  refreshTokenFile,
} from "../../../src/models/gemini/refresh-token-file.ts";
import { openModel, type ProviderName } from "../../../src/models/open-model.ts";
import { readSignIns } from "../../../src/models/read-sign-ins.ts";
import { anthropicWire } from "../../world/model/anthropic-wire.ts";
import { makeClaudeFolder } from "../../world/model/claude-folder.ts";
import { claudeStream } from "../../world/model/claude-stream.ts";
import { startWireServer } from "../../world/model/wire-server.ts";
import { asking, patience } from "./asking.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nexus-sign-ins-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** The models of an installation in the folder, with these settings. */
async function modelsOf(env: Readonly<Record<string, string>>) {
  const config = parseModelConfig({ ...env, NEXUS_FOLDER: folder });
  const models = await readSignIns(config.models, config.folder);
  const open = (provider: ProviderName) =>
    openModel({ ...models.access[provider], provider, model: "m", timeoutMs: 60_000, maxTries: 1 });
  return { models, open };
}

async function fileWith(name: string, content: unknown): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, typeof content === "string" ? content : JSON.stringify(content), {
    mode: 0o600,
  });
  return path;
}

const SERVICE = {
  type: "service_account",
  client_email: "nexus@project-1.iam.gserviceaccount.com",
  private_key: "-----BEGIN PRIVATE KEY-----\nof nobody\n-----END PRIVATE KEY-----\n",
};
const GEMINI = { MODEL: "gemini:m", GEMINI_PROJECT: "project-1" };
const PERSON = { ...GEMINI, GEMINI_CLIENT_ID: "id-1", GEMINI_CLIENT_SECRET: "secret-1" };

describe("a sign-in out of files", () => {
  it("calls Anthropic as the organisation, at the profile's own address", async () => {
    await using server = await startWireServer(anthropicWire, () => ({ say: { text: "ok" } }));
    const credentials = { type: "oauth_token", access_token: "token-of-the-organisation" };
    const profile = {
      authentication: {
        type: "user_oauth",
        credentials_path: await fileWith("credentials.json", credentials),
      },
      workspace_id: "wrkspc_1",
      base_url: server.url,
    };
    const { open } = await modelsOf({
      MODEL: "anthropic:m",
      ANTHROPIC_PROFILE_PATH: await fileWith("profile.json", profile),
    });

    const reply = await open("anthropic").reply(asking(), patience());

    expect(reply.text).toBe("ok");
    expect(server.mistakes).toEqual([]);
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: "Bearer token-of-the-organisation",
      "anthropic-workspace-id": "wrkspc_1",
    });
  });

  it("is a service account's for Gemini, and its key is never shown", async () => {
    const path = await fileWith("google.json", SERVICE);

    const { models, open } = await modelsOf({ ...GEMINI, GEMINI_CREDENTIALS_PATH: path });

    const { enterprise } = models.access.gemini;
    expect(enterprise).toMatchObject({ project: "project-1", location: "global" });
    expect(models.keys).toEqual([SERVICE.private_key]);
    expect(open("gemini").name).toBe("m");
  });

  it("is that of the person who signed in at Google, whose token is never shown", async () => {
    await keepRefreshToken(refreshTokenFile(folder), "1//token-of-a-person");

    const { models, open } = await modelsOf(PERSON);

    expect(models.access.gemini.enterprise?.account).toEqual({
      clientId: "id-1",
      clientSecret: "secret-1",
      refreshToken: "1//token-of-a-person",
    });
    expect(models.keys).toEqual(["secret-1", "1//token-of-a-person"]);
    expect(open("gemini").name).toBe("m");
  });

  it("is left unread where no list names its provider", async () => {
    const { models } = await modelsOf({
      GEMINI_PROJECT: "project-1",
      GEMINI_CREDENTIALS_PATH: join(folder, "nowhere.json"),
      ANTHROPIC_PROFILE_PATH: join(folder, "nowhere.json"),
    });

    expect(models.access.gemini).toEqual({});
    expect(models.access.anthropic).toEqual({});
  });
});

it("Claude Code needs no file: its program answers", async () => {
  await using claude = await makeClaudeFolder();
  await claude.play({ lines: claudeStream("from the program") });
  const { open } = await modelsOf({
    MODEL: "claude-code:m",
    CLAUDE_CODE_PROGRAM: claude.program,
    CLAUDE_CODE_ONLY_MINE: "yes",
    CLAUDE_CODE_MAX_DOLLARS: "0.5",
  });

  const reply = await open("claude-code").reply(asking({ tools: [] }), patience());

  expect(reply.text).toBe("from the program");
  expect((await claude.seen()).args.join(" ")).toContain("--max-budget-usd 0.5");
});

describe("a file that cannot be used is named with its setting, and nothing of it is shown", () => {
  const profile = (path: string) => ({ MODEL: "anthropic:m", ANTHROPIC_PROFILE_PATH: path });
  const google = (path: string) => ({ ...GEMINI, GEMINI_CREDENTIALS_PATH: path });

  it.each([
    [
      "a profile that is not JSON",
      profile,
      "canary",
      "- ANTHROPIC_PROFILE_PATH: the file is not JSON",
    ],
    [
      "a profile without a sign-in",
      profile,
      { canary: 1 },
      "- ANTHROPIC_PROFILE_PATH: the file is no profile",
    ],
    [
      "a profile of another kind",
      profile,
      { authentication: { type: "canary" } },
      "- ANTHROPIC_PROFILE_PATH: the file is no profile",
    ],
    [
      "credentials that are not JSON",
      google,
      "canary",
      "- GEMINI_CREDENTIALS_PATH: the file is not JSON",
    ],
    [
      "credentials of another kind",
      google,
      { type: "authorized_user", refresh_token: "canary" },
      "- GEMINI_CREDENTIALS_PATH: the file is not one of Google's",
    ],
  ])("%s", async (...[, settings, content, expected]) => {
    const path = await fileWith("file.json", content);

    const reading = modelsOf(settings(path));

    await expect(reading).rejects.toMatchObject({ code: "config.invalid" });
    const error: unknown = await reading.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ message: expected });
    expect(JSON.stringify(error)).not.toContain("canary");
  });

  it("one that is not there, and a sign-in that nobody made, in a line each", async () => {
    const env = {
      ...PERSON,
      ...profile(join(folder, "nowhere.json")),
      MODEL: "anthropic:m,gemini:m",
    };

    await expect(modelsOf(env)).rejects.toMatchObject({
      code: "config.invalid",
      message: [
        "- ANTHROPIC_PROFILE_PATH: the file cannot be read (ENOENT)",
        "- GEMINI_CLIENT_ID: nobody has signed in at Google",
      ].join("\n"),
      hint: expect.stringContaining("nexus models login gemini"),
    });
  });
});
