import { randomBytes } from "node:crypto";
import { join, resolve } from "node:path";
import { apiAddress } from "../config.ts";
import { NexusError } from "../core/errors.ts";
import { appManifest } from "./app-manifest.ts";
import { exchangeCode } from "./conversion.ts";
import { keepCredentials, namesApp } from "./credentials.ts";
import { readEnvFile, settingsIn } from "./env-file.ts";
import { originOf, registrationPage } from "./github-address.ts";
import { openLocalPage } from "./local-page.ts";
import { formPage } from "./pages.ts";

/** A person at a browser takes minutes; GitHub's code lives for an hour. */
const PATIENCE_MS = 3_600_000;

interface SetUp {
  /** Holds `.env`. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The text of `app.yml`. */
  readonly appFile: string;
  readonly webhookPath: string;
  readonly url: string | undefined;
  readonly organization: string | undefined;
  /** Undefined where there is nobody to ask. */
  readonly ask: ((question: string) => Promise<string>) | undefined;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Registers a GitHub App of one's own and keeps its secrets; with an App in the settings there is nothing to do. */
export async function setUp(options: SetUp): Promise<void> {
  const { folder, say } = options;
  const envFile = join(folder, ".env");
  const settings = { ...(await readEnvFile(envFile)).values, ...settingsIn(options.env) };
  if (namesApp(settings)) {
    return say(`Nothing to do: an App is set (APP_ID ${settings.APP_ID}). Start with: npm start`);
  }
  const githubUrl = originOf("GITHUB_URL", settings.GITHUB_URL ?? "https://github.com");
  const app = await register(options, githubUrl);
  const keyFile = await keepCredentials(app, {
    envFile,
    folder: resolve(folder, settings.NEXUS_FOLDER ?? ".nexus"),
  });
  say(`The App ${app.slug} is registered. Its key is in ${keyFile}.`);
  say("Written to .env: APP_ID, PRIVATE_KEY_PATH, WEBHOOK_SECRET.");
  say(`Install it on your repositories: ${app.page}/installations/new`);
  say("Then: npm start");
}

async function register(options: SetUp, githubUrl: string) {
  const { appFile, webhookPath, say } = options;
  const { home, organization } = await wishes(options);
  const state = randomBytes(32).toString("hex");
  const action = registrationPage(githubUrl, { organization, state });
  const webhook = `${home}${webhookPath}`;
  const form = (callback: string) =>
    formPage({ action, webhook, manifest: appManifest(appFile, { home, webhook, callback }) });
  // A mistake in the file shows now, not in the browser.
  form("http://127.0.0.1/");

  await using page = await openLocalPage({ state, form });
  say(`Open this page in a browser on this machine: ${page.url}`);
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(PATIENCE_MS)]);
  const code = await page.code(signal);
  return await exchangeCode({ apiUrl: apiAddress(githubUrl), code, signal: options.signal });
}

/** What only the operator knows: given, or asked for where somebody is there. */
async function wishes({ url, organization, ask }: SetUp) {
  if (url === undefined && !ask) {
    throw new NexusError("config.invalid", "--url: where GitHub reaches this installation.", {
      hint: "For example: npm run setup -- --url https://nexus.example.org [--org my-organization]",
    });
  }
  const address = url ?? (await ask?.("Public address, like https://nexus.example.org: ")) ?? "";
  const home = originOf("--url", address);
  const owner =
    organization ?? (await ask?.("Organization that owns the App (empty: your account): ")) ?? "";
  return { home, organization: owner.trim() };
}
