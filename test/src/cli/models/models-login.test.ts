import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { tellLogin } from "../../../../src/cli/models/tell-login.ts";
import { loginGemini } from "../../../../src/models/gemini/login.ts";
import {
  readRefreshToken,
  refreshTokenFile,
} from "../../../../src/models/gemini/refresh-token-file.ts";
import { startOAuthServer } from "../../../world/model/oauth-server.ts";

const MAIN = resolve(import.meta.dirname, "../../../../src/cli/main.ts");
const CLIENT = { clientId: "client.apps.example", clientSecret: "secret-canary" };

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nexus-login-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

it("shows where to sign in, keeps the sign-in, and says where", async () => {
  await using server = await startOAuthServer();
  let said = "";
  /** The person follows the address that is shown. */
  const out = (text: string) => {
    said += text;
    const url = /^http\S+$/m.exec(text)?.[0];
    if (url === undefined) return;
    const { redirectUri, state, code } = server.consent(url);
    void fetch(`${redirectUri}/?${new URLSearchParams({ state, code }).toString()}`);
  };
  const signal = new AbortController().signal;
  const at = { tokenUrl: `${server.url}/token`, consentUrl: `${server.url}/consent` };

  const code = await tellLogin({
    login: (show) => loginGemini(folder, { ...CLIENT, ...at, show, signal }),
    out,
  });

  const file = refreshTokenFile(folder);
  expect(code).toBe(0);
  expect(said).toContain(`Signed in. The sign-in is kept in ${file}: whoever can read`);
  expect(said).not.toContain("canary");
  expect(await readRefreshToken(file)).toBe("1//refresh-token-of-a-person");
});

function nexusLogin(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [MAIN, "models", "login", "gemini"], {
    cwd: folder,
    env: { PATH: process.env.PATH, NEXUS_FOLDER: folder, ...env },
  });
  const said = { out: "", err: "" };
  child.stdout.on("data", (data) => (said.out += data));
  child.stderr.on("data", (data) => (said.err += data));
  return { child, said };
}

async function endOf(child: ChildProcessWithoutNullStreams): Promise<unknown> {
  const [code] = await once(child, "close");
  return code;
}

it("says with 2 which settings of the client are missing", async () => {
  const { child, said } = nexusLogin({ GEMINI_CLIENT_ID: "client.apps.example" });

  expect(await endOf(child)).toBe(2);
  expect(said.out).toBe("");
  expect(said.err).toContain("- GEMINI_CLIENT_SECRET: missing");
  expect(said.err).toContain(".env.example");
});

it("leads to Google with the operator's client, and leaves nothing where the person gives up", async () => {
  const { child, said } = nexusLogin({
    GEMINI_CLIENT_ID: CLIENT.clientId,
    GEMINI_CLIENT_SECRET: CLIENT.clientSecret,
  });
  child.stdout.on("data", () => {
    if (said.out.endsWith("\n\n")) child.kill("SIGINT");
  });

  expect(await endOf(child)).toBe(2);

  expect(said.out).toMatch(/^https:\/\/accounts\.google\.com\/\S+client\.apps\.example\S*$/m);
  expect(said.err).toContain("The sign-in was stopped.");
  expect(said.out + said.err).not.toContain("canary");
  expect(await readdir(folder)).toEqual([]);
});
