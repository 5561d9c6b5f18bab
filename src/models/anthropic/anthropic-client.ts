import Anthropic, {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
} from "@anthropic-ai/sdk";
import type { AnthropicConfig } from "@anthropic-ai/sdk/core/credentials";
import type { AccessTokenProvider } from "@anthropic-ai/sdk/lib/credentials/types";
import { z } from "zod";
import { NexusError } from "../../core/errors.ts";
import { unreachable } from "../failure.ts";
import { modelError } from "../provider-error.ts";
import { Rejected, rejectionOf } from "../rejection.ts";
import { createSend, throwIfInvalidAddress, throwIfInvalidUrl } from "../send.ts";

/** The version of the API whose types the SDK has. */
const API_VERSION = "2026-10-21";
const OAUTH_BETA = "oauth-2025-04-20";
/** The SDK has a limit for a call; ours, which know of silence and retries, are to come first. */
const NO_LIMIT_MS = 2 ** 31 - 1;

/** How an organisation signs in instead of by a key: the SDK's profile, or a source of tokens. */
export type AnthropicSignIn =
  | { readonly profile: AnthropicConfig }
  | { readonly token: AccessTokenProvider };

/** Where the calls go and who makes them. */
export interface AnthropicAddress {
  /** Without `/v1`. */
  readonly baseUrl: string;
  readonly auth: { readonly apiKey: string } | AnthropicSignIn;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The SDK's client and the secrets it has used. */
export interface AnthropicClient {
  readonly client: Anthropic;
  secrets(): readonly string[];
}

/** The SDK's client with every choice made here, so that nothing in the environment changes where calls go. */
export function anthropicClient({
  baseUrl,
  auth,
  headers = {},
}: AnthropicAddress): AnthropicClient {
  if ("apiKey" in auth) {
    throwIfInvalidAddress({ baseUrl, apiKey: auth.apiKey });
    const authorization = `Bearer ${auth.apiKey}`;
    const own = { authorization, "anthropic-version": API_VERSION, ...headers };
    const fetch = createSend(() => own);
    return {
      client: new Anthropic({ ...choices(baseUrl), apiKey: auth.apiKey, fetch }),
      secrets: () => [auth.apiKey],
    };
  }
  throwIfInvalidUrl(baseUrl);
  return signedIn(baseUrl, auth, headers);
}

function choices(baseURL: string) {
  return {
    baseURL,
    webhookKey: null,
    logLevel: "off",
    maxRetries: 0,
    timeout: NO_LIMIT_MS,
    openTelemetry: false,
  } as const;
}

/** Tokens come from the SDK, which keeps and renews them; our own `fetch` puts the latest one on the wire. */
function signedIn(
  baseUrl: string,
  auth: AnthropicSignIn,
  headers: Readonly<Record<string, string>>,
): AnthropicClient {
  const source = "token" in auth ? auth.token : sourceOf(auth.profile, baseUrl);
  const workspace = "profile" in auth ? auth.profile.workspace_id : undefined;
  const used = new Set<string>();
  let latest = "";
  const credentials: AccessTokenProvider = async (options) => {
    const access = await source(options).catch((error: unknown) => {
      throw tokenFailure(error);
    });
    latest = access.token;
    used.add(latest);
    return access;
  };
  const send = createSend(() => ({
    authorization: `Bearer ${latest}`,
    "anthropic-version": API_VERSION,
    "anthropic-beta": OAUTH_BETA,
    ...(workspace === undefined ? {} : { "anthropic-workspace-id": workspace }),
    ...headers,
  }));
  const fetch: typeof send = async (url, init) => {
    const sent = latest;
    const response = await send(url, init);
    if (response.status !== 401) return response;
    // A token may be withdrawn before its time. The SDK asks for a new one only when it may retry.
    if (latest === sent) await credentials({ forceRefresh: true });
    return await send(url, init);
  };
  return {
    client: new Anthropic({ ...choices(baseUrl), credentials, fetch }),
    secrets: () => [...used],
  };
}

function tokenFailure(error: unknown): unknown {
  if (error instanceof NexusError || !(error instanceof Error)) return error;
  // That is how `fetch` tells of a broken connection.
  if (error instanceof TypeError) return unreachable(error);
  return modelError("model.auth", `Signing in at Anthropic failed: ${error.message}`);
}

function sourceOf(config: AnthropicConfig, baseUrl: string): AccessTokenProvider {
  // Its own client, since the exchange of tokens has other headers than a call.
  const fetch = createSend(() => ({}), ["content-type", "anthropic-beta", "anthropic-version"]);
  try {
    const { credentials } = new Anthropic({ ...choices(baseUrl), config, fetch });
    if (credentials) return credentials;
  } catch (error) {
    throw notSignedIn(error instanceof Error ? error.message : String(error));
  }
  throw notSignedIn("there are no credentials in it");
}

function notSignedIn(why: string): NexusError {
  return new NexusError(
    "config.invalid",
    `The profile (ANTHROPIC_PROFILE_PATH) cannot be used: ${why}`,
    {
      hint: "It is the JSON file of a profile, with `authentication` and its `credentials_path`.",
    },
  );
}

/** The object inside of the SDK's body. */
const Body = z.object({ error: z.looseObject({ message: z.string().catch("") }) });

/** An error of the SDK in terms of the seam; any other error as it is. */
export function anthropicFailure(error: unknown): unknown {
  if (error instanceof APIConnectionTimeoutError) {
    return modelError("model.timeout", "The model's vendor did not answer in time.");
  }
  if (error instanceof APIConnectionError) return unreachable(error);
  if (error instanceof APIError) {
    const { data } = Body.safeParse(error.error);
    return new Rejected(
      rejectionOf({
        status: error.status,
        headers: error.headers,
        message: data?.error.message || error.message,
        error: data?.error,
      }),
    );
  }
  return error;
}
