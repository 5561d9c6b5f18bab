import { readFile } from "node:fs/promises";
import type { AnthropicConfig } from "@anthropic-ai/sdk/core/credentials";
import { z } from "zod";
import { NexusError } from "../core/errors.ts";
import type { Access, Models } from "../model-settings.ts";
import type { GoogleSignIn } from "../sign-in-settings.ts";
import { accountCaller } from "./gemini/google-account.ts";
import { readRefreshToken, refreshTokenFile } from "./gemini/refresh-token-file.ts";
import type { ProviderName } from "./open-model.ts";

/** What was read for one provider, and what of it may never be shown. */
interface Read {
  readonly provider: ProviderName;
  readonly access: Access;
  readonly secrets: readonly string[];
}

/**
 * The models with the sign-ins that files hold, for the providers that a list names. Throws `config.invalid` with a
 * line for each file that cannot be used.
 */
export async function readSignIns(models: Models, nexusFolder: string): Promise<Models> {
  const named = new Set(
    Object.values(models.roles).flatMap((list) => list.map((one) => one.provider)),
  );
  const { anthropicProfilePath: profile, google } = models.signIns;
  const reading = [
    ...(profile !== undefined && named.has("anthropic") ? [readProfile(profile)] : []),
    ...(google !== undefined && named.has("gemini") ? [readGoogle(google, nexusFolder)] : []),
  ];
  const settled = await Promise.allSettled(reading);
  throwIfUnusable(settled.flatMap((one) => (one.status === "rejected" ? [one.reason] : [])));
  const read = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const found = read.map(({ provider, access }) => [provider, access] as const);
  return {
    ...models,
    access: { ...models.access, ...Object.fromEntries(found) },
    keys: [...models.keys, ...read.flatMap(({ secrets }) => secrets)],
  };
}

function throwIfUnusable(reasons: readonly unknown[]): void {
  const strange = reasons.find((reason) => !(reason instanceof NexusError));
  if (strange !== undefined) throw strange;
  const problems = reasons.flatMap((reason) => (reason instanceof NexusError ? [reason] : []));
  const [first] = problems;
  if (!first) return;
  const lines = problems.map(({ message }) => `- ${message}`);
  const hints = [...new Set(problems.flatMap(({ hint }) => hint ?? []))];
  throw new NexusError("config.invalid", lines.join("\n"), { hint: hints.join(" ") });
}

/** As far as we read it; the SDK reads the rest. */
const Profile = z.looseObject({
  authentication: z.looseObject({ type: z.enum(["user_oauth", "oidc_federation"]) }),
  base_url: z.url().optional(),
});

async function readProfile(path: string): Promise<Read> {
  const json = await readJson("ANTHROPIC_PROFILE_PATH", path);
  const { data } = Profile.safeParse(json);
  if (!data) {
    throw invalid(
      "ANTHROPIC_PROFILE_PATH: the file is no profile",
      "A profile is a JSON file with `authentication`, as Anthropic's tools write it.",
    );
  }
  // The SDK checks what is in it when the model is opened.
  const profile = data as AnthropicConfig;
  const { base_url: baseUrl } = data;
  const access = { signIn: { profile }, ...(baseUrl !== undefined && { baseUrl }) };
  return { provider: "anthropic", access, secrets: [] };
}

async function readGoogle({ project, location, by }: GoogleSignIn, folder: string): Promise<Read> {
  if ("credentialsPath" in by) {
    const json = await readJson("GEMINI_CREDENTIALS_PATH", by.credentialsPath);
    const account = { credentials: JSON.stringify(json) };
    // Asks nobody, and fails where Google's library does not know the file.
    accountCaller(account);
    const { data } = z.looseObject({ private_key: z.string().min(1) }).safeParse(json);
    const secrets = data ? [data.private_key] : [];
    return { provider: "gemini", access: { enterprise: { project, location, account } }, secrets };
  }
  const refreshToken = await readRefreshToken(refreshTokenFile(folder));
  const account = { ...by, refreshToken };
  const access = { enterprise: { project, location, account } };
  return { provider: "gemini", access, secrets: [refreshToken] };
}

async function readJson(setting: string, path: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw invalid(
      `${setting}: the file cannot be read (${code})`,
      "Look at the path and its rights.",
    );
  });
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(`${setting}: the file is not JSON`, "Take it as it was handed out.");
  }
}

function invalid(message: string, hint: string): NexusError {
  return new NexusError("config.invalid", message, { hint });
}
