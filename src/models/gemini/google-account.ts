import { ExternalAccountClient, JWT, OAuth2Client } from "google-auth-library";
import { z } from "zod";
import { NexusError } from "../../core/errors.ts";
import type { Caller } from "./caller.ts";
import { tokenCaller } from "./token-caller.ts";
import { createTokenFetch, type Fetch } from "./token-fetch.ts";

/** What a token is asked for. */
export const SCOPE = "https://www.googleapis.com/auth/cloud-platform";

/** The operator's own OAuth client, registered at Google. */
export interface OAuthClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Instead of Google's. */
  readonly tokenUrl?: string;
}

/** As a person who signed in, or as whoever a credentials file names. */
export type GoogleAccount =
  | (OAuthClient & { readonly refreshToken: string })
  /** The text of the file that Google gives for a service account or a workload's identity. */
  | { readonly credentials: string };

const ServiceAccount = z.object({
  type: z.literal("service_account"),
  client_email: z.string().min(3),
  private_key: z.string().min(1),
});
const Workload = z.looseObject({ type: z.literal("external_account") });
const Credentials = z.union([ServiceAccount, Workload]);

/** The caller that an account is; fails with `config.invalid` where it cannot be one. */
export function accountCaller(account: GoogleAccount, send?: Fetch): Caller {
  // The library's own additions to a request write tokens to a log where the environment asks for it.
  const shared = {
    useAuthRequestParameters: false,
    transporterOptions: { fetchImplementation: createTokenFetch(send) },
  };
  if ("credentials" in account) return fileCaller(account.credentials, shared);
  const { clientId, clientSecret, refreshToken, tokenUrl } = account;
  const client = new OAuth2Client({
    clientId,
    clientSecret,
    ...shared,
    ...(tokenUrl === undefined ? {} : { endpoints: { oauth2TokenUrl: tokenUrl } }),
  });
  client.setCredentials({ refresh_token: refreshToken });
  return tokenCaller(client, [clientSecret, refreshToken]);
}

type Shared = Pick<
  NonNullable<ConstructorParameters<typeof JWT>[0]>,
  "useAuthRequestParameters" | "transporterOptions"
>;

function fileCaller(text: string, shared: Shared): Caller {
  const { data } = Credentials.safeParse(parsed(text));
  if (!data) throw invalidFile();
  if (data.type === "service_account") {
    const { client_email: email, private_key: key } = data;
    const client = new JWT({ email, key, scopes: [SCOPE], ...shared });
    return tokenCaller(client, [key]);
  }
  const client = workloadClient({ ...data, ...shared });
  client.scopes = [SCOPE];
  return tokenCaller(client, []);
}

function workloadClient(options: object) {
  try {
    // The library checks what the file says.
    const client = ExternalAccountClient.fromJSON(
      options as Parameters<typeof ExternalAccountClient.fromJSON>[0],
    );
    if (client) return client;
  } catch {
    // Told below: its words quote the file.
  }
  throw invalidFile();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function invalidFile(): NexusError {
  return new NexusError(
    "config.invalid",
    "GEMINI_CREDENTIALS_PATH: the file is not one of Google's",
    {
      hint: "It is the JSON of a service account or of a workload's identity (external_account).",
    },
  );
}
