import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { setUp } from "../../../src/setup/set-up.ts";
import { until } from "../../world/until.ts";
import { APP_KEY, APP_SECRET, CONVERSION, startManifestGitHub } from "./manifest-github.ts";

const APP_FILE = `
name: nexus
description: Turns comments into pull requests.
public: false
default_permissions: { metadata: read, contents: write }
default_events: [issue_comment]
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nexus-setup-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Given {
  readonly githubUrl?: string;
  readonly env?: Record<string, string>;
  readonly url?: string | undefined;
  readonly organization?: string | undefined;
  readonly appFile?: string;
  readonly ask?: (question: string) => Promise<string>;
  readonly signal?: AbortSignal;
}

/** Starts the setup; what it says is kept, and the page it names can be waited for. */
function begin(given: Given = {}) {
  const said: string[] = [];
  const done = setUp({
    folder,
    env: { ...(given.githubUrl && { GITHUB_URL: given.githubUrl }), ...given.env },
    appFile: given.appFile ?? APP_FILE,
    webhookPath: "/api/github/webhooks",
    url: "url" in given ? given.url : "https://nexus.example.org",
    organization: "organization" in given ? given.organization : "",
    ask: given.ask,
    say: (line) => said.push(line),
    signal: given.signal ?? new AbortController().signal,
  });
  // Failures are looked at where they are expected.
  done.catch(() => {});
  const page = () =>
    until(() => /http:\/\/127\.0\.0\.1:\d+\//.exec(said.join("\n"))?.[0], {
      what: "the address of the page",
      timeoutMs: 5_000,
    });
  return { done, said, page };
}

/** The form of the page, as a browser would post it. */
async function formOf(page: string) {
  const html = await (await fetch(page)).text();
  const unescaped = (text = "") => text.replaceAll("&quot;", '"').replaceAll("&amp;", "&");
  const action = new URL(unescaped(/action="([^"]*)"/.exec(html)?.[1]));
  const manifest: unknown = JSON.parse(
    unescaped(/name="manifest" value="([^"]*)"/.exec(html)?.[1]),
  );
  return { action, manifest, state: action.searchParams.get("state") ?? "" };
}

const answer = (page: string, query: Record<string, string>) =>
  fetch(`${page}registered?${new URLSearchParams(query).toString()}`);
const env = () => readFile(join(folder, ".env"), "utf8");
const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);

describe("registering an App", () => {
  it("hands GitHub the manifest and keeps what comes back, readable by the owner only", async () => {
    await using github = await startManifestGitHub();
    const { done, said, page } = begin({ githubUrl: github.url });
    const { action, manifest, state } = await formOf(await page());

    const shown = await answer(await page(), { code: "good-code", state });
    await done;

    expect(`${action.origin}${action.pathname}`).toBe(`${github.url}/settings/apps/new`);
    expect(manifest).toEqual({
      name: "nexus",
      description: "Turns comments into pull requests.",
      public: false,
      default_permissions: { metadata: "read", contents: "write" },
      default_events: ["issue_comment"],
      url: "https://nexus.example.org",
      hook_attributes: { url: "https://nexus.example.org/api/github/webhooks", active: true },
      redirect_url: `${await page()}registered`,
    });
    expect(shown.status).toBe(200);
    expect(github.requests).toEqual(["POST /api/v3/app-manifests/good-code/conversions"]);
    const keyFile = join(folder, ".nexus", "app-4711.pem");
    expect(parseEnv(await env())).toEqual({
      APP_ID: "4711",
      PRIVATE_KEY_PATH: keyFile,
      WEBHOOK_SECRET: APP_SECRET,
    });
    expect(await readFile(keyFile, "utf8")).toBe(APP_KEY);
    expect([await modeOf(keyFile), await modeOf(join(folder, ".env"))]).toEqual(["600", "600"]);
    expect(said.join("\n")).not.toMatch(new RegExp(`${APP_SECRET}|PRIVATE KEY|client`));
    expect(said.at(-2)).toContain("/github-apps/nexus-acme/installations/new");
  });

  it("leaves what .env already says, and fills the lines that are empty", async () => {
    await using github = await startManifestGitHub();
    await writeFile(join(folder, ".env"), "# mine\nAPP_ID=\nMODEL='a b'\n", { mode: 0o644 });
    const { done, page } = begin({ githubUrl: github.url });
    const { state } = await formOf(await page());

    await answer(await page(), { code: "good-code", state });
    await done;

    expect(await env()).toBe(
      `# mine\nAPP_ID=4711\nMODEL='a b'\nPRIVATE_KEY_PATH=${folder}/.nexus/app-4711.pem\nWEBHOOK_SECRET=${APP_SECRET}\n`,
    );
    expect(await modeOf(join(folder, ".env"))).toBe("600");
  });

  it("asks for the address and the organization where somebody is there", async () => {
    const answers = ["https://asked.example.org", "acme"];
    const questions: string[] = [];
    const ask = async (question: string) => {
      questions.push(question);
      return answers.shift() ?? "";
    };
    const stop = new AbortController();
    const nothing = { url: undefined, organization: undefined };
    const { done, page } = begin({ ...nothing, ask, signal: stop.signal });

    const { action, manifest } = await formOf(await page());
    stop.abort();
    await expect(done).rejects.toMatchObject({ code: "aborted" });

    expect(questions).toHaveLength(2);
    expect(action.pathname).toBe("/organizations/acme/settings/apps/new");
    expect(manifest).toMatchObject({ url: "https://asked.example.org" });
  });

  it("registers it for an organization", async () => {
    const stop = new AbortController();
    const { done, page } = begin({ organization: "acme", signal: stop.signal });

    const { action } = await formOf(await page());
    stop.abort();
    await expect(done).rejects.toMatchObject({ code: "aborted" });

    expect(action.pathname).toBe("/organizations/acme/settings/apps/new");
  });
});

describe("the page on this machine", () => {
  const refused: [string, (page: string, state: string) => Promise<number>, number][] = [
    [
      "an answer without state",
      async (page) => (await answer(page, { code: "good-code" })).status,
      400,
    ],
    [
      "a foreign state",
      async (page) => (await answer(page, { code: "good-code", state: "0".repeat(64) })).status,
      400,
    ],
    ["an answer without code", async (page, state) => (await answer(page, { state })).status, 400],
    [
      "a code with other characters",
      async (page, state) => (await answer(page, { code: "../../x", state })).status,
      400,
    ],
    ["another path", async (page) => (await fetch(`${page}favicon.ico`)).status, 404],
    ["a POST", async (page) => (await fetch(page, { method: "POST" })).status, 405],
    ["another host's name", (page) => statusAs(page, "evil.example"), 403],
  ];

  it.each(refused)("refuses %s and goes on waiting", async (_, attempt, status) => {
    await using github = await startManifestGitHub();
    const { done, page } = begin({ githubUrl: github.url });
    const { state } = await formOf(await page());

    const answered = await attempt(await page(), state);

    expect(answered).toBe(status);
    expect(github.requests).toEqual([]);
    await answer(await page(), { code: "good-code", state });
    await done;
    expect(parseEnv(await env())).toHaveProperty("APP_ID", "4711");
  });
});

function statusAs(page: string, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    httpRequest(page, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
}

describe("what GitHub may answer to the code", () => {
  const good = CONVERSION;
  const answers: [string, { status: number; body: string }, { code: string; message: string }][] = [
    [
      "a code it does not know",
      { status: 404, body: "{}" },
      { code: "github.refused", message: "GitHub does not take the code (404)." },
    ],
    [
      "trouble of its own",
      { status: 503, body: "" },
      { code: "github.refused", message: "GitHub answered 503 to the code." },
    ],
    [
      "no JSON",
      { status: 201, body: "<html>" },
      { code: "github.refused", message: "GitHub's answer is not as documented: not JSON." },
    ],
    [
      "a secret with a line break",
      { status: 201, body: JSON.stringify({ ...good, webhook_secret: `${APP_SECRET}\nEVIL=1` }) },
      { code: "github.refused", message: "GitHub's answer is not as documented: webhook_secret." },
    ],
    [
      "no secret",
      { status: 201, body: JSON.stringify({ ...good, webhook_secret: null }) },
      { code: "github.refused", message: "GitHub's answer is not as documented: webhook_secret." },
    ],
    [
      "a key that is none, and an id that leaves the folder",
      { status: 201, body: JSON.stringify({ ...good, pem: "x", id: "../../etc/x" }) },
      { code: "github.refused", message: "GitHub's answer is not as documented: id, pem." },
    ],
    [
      "a redirect",
      { status: 302, body: "" },
      { code: "github.refused", message: "GitHub answered 302 to the code." },
    ],
  ];

  it.each(answers)("%s is a clear error, and nothing is written", async (_, says, error) => {
    await using github = await startManifestGitHub(says);
    const { done, page } = begin({ githubUrl: github.url });
    const { state } = await formOf(await page());

    await answer(await page(), { code: "good-code", state });

    await expect(done).rejects.toMatchObject(error);
    expect(await readdir(folder)).toEqual([]);
  });

  it("says so when nobody answers", async () => {
    const github = await startManifestGitHub();
    await github[Symbol.asyncDispose]();
    const { done, page } = begin({ githubUrl: github.url });
    const { state } = await formOf(await page());

    await answer(await page(), { code: "good-code", state });

    await expect(done).rejects.toMatchObject({ code: "github.unreachable", retryable: true });
  });
});

describe("settings that are there already", () => {
  it("has nothing to do when .env names an App", async () => {
    const written = "APP_ID=1\nPRIVATE_KEY_PATH=/keys/app.pem\nWEBHOOK_SECRET=abc\n";
    await writeFile(join(folder, ".env"), written);
    const { done, said } = begin({ url: undefined });

    await done;

    expect(said).toEqual(["Nothing to do: an App is set (APP_ID 1). Start with: npm start"]);
    expect(await env()).toBe(written);
  });

  const halves: [string, string, string][] = [
    ["only an id", "APP_ID=1", "APP_ID is set, but not PRIVATE_KEY_PATH, WEBHOOK_SECRET."],
    [
      "only a secret",
      "WEBHOOK_SECRET=abc",
      "WEBHOOK_SECRET is set, but not APP_ID, PRIVATE_KEY_PATH.",
    ],
    ["no secret", "APP_ID=1\nPRIVATE_KEY=x", "APP_ID, PRIVATE_KEY is set, but not WEBHOOK_SECRET."],
  ];

  it.each(halves)("refuses to complete %s from another App", async (_, written, message) => {
    await writeFile(join(folder, ".env"), written);
    const { done } = begin();

    await expect(done).rejects.toMatchObject({ code: "config.invalid", message });
    expect(await env()).toBe(written);
  });

  it("overwrites nothing that came while the browser was open, and says where the key is", async () => {
    await using github = await startManifestGitHub();
    const { done, page } = begin({ githubUrl: github.url });
    const { state } = await formOf(await page());
    await writeFile(join(folder, ".env"), "APP_ID=2\n");

    await answer(await page(), { code: "good-code", state });

    await expect(done).rejects.toMatchObject({
      message: ".env has APP_ID by now; it was left alone.",
      hint: expect.stringContaining("app-4711.pem"),
    });
    expect(await env()).toBe("APP_ID=2\n");
  });
});

describe("bad input", () => {
  const inputs: [string, Given, string][] = [
    ["nobody to ask", { url: undefined }, "--url: where GitHub reaches this installation."],
    ["no address", { url: "nexus" }, "--url: an address like"],
    ["another scheme", { url: "ftp://nexus.example.org" }, "--url: an address like"],
    ["an address with a path", { url: "https://example.org/nexus" }, "--url: an address like"],
    ["an address with a password", { url: "https://a:b@example.org" }, "--url: an address like"],
    ["an organization with a slash", { organization: "a/b" }, "--org: no organization"],
    ["a GitHub that is no address", { githubUrl: "github" }, "GITHUB_URL: an address like"],
    ["a manifest that is no YAML", { appFile: "a: [" }, "app.yml cannot be read as YAML."],
    [
      "a manifest that asks for administration in its own words",
      { appFile: `${APP_FILE}\nrequest_oauth_on_install: true` },
      "app.yml is not a manifest:",
    ],
  ];

  it.each(inputs)("%s is said before anything is opened", async (_, given, message) => {
    const { done, said } = begin(given);

    await expect(done).rejects.toMatchObject({
      code: "config.invalid",
      message: expect.stringContaining(message),
    });
    expect(said).toEqual([]);
  });
});
