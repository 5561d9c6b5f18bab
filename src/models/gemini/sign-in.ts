import { randomBytes } from "node:crypto";
import { CodeChallengeMethod, OAuth2Client } from "google-auth-library";
import { NexusError } from "../../core/errors.ts";
import { modelError } from "../provider-error.ts";
import { type OAuthClient, SCOPE } from "./google-account.ts";
import { listenForCode } from "./loopback.ts";
import { createTokenFetch } from "./token-fetch.ts";

/** How a person is asked to sign in. */
export interface SignIn extends OAuthClient {
  /** Takes the address that the person opens in a browser of this machine. */
  readonly show: (url: string) => void;
  readonly signal: AbortSignal;
  /** Where the person is asked, instead of at Google. */
  readonly consentUrl?: string;
}

/**
 * Lets a person sign in at Google and gives the refresh token, which is as good as a password.
 * Fails with `model.auth` where they decline, with `aborted` where the signal fires first.
 */
export async function signInAtGoogle(wish: SignIn): Promise<string> {
  const state = randomBytes(32).toString("base64url");
  await using listening = await listenForCode(state, wish.signal);
  const client = clientOf(wish, listening.url);
  const { codeVerifier, codeChallenge = "" } = await client.generateCodeVerifierAsync();
  wish.show(
    client.generateAuthUrl({
      access_type: "offline",
      // Without it a person who signed in before gets no refresh token.
      prompt: "consent",
      scope: [SCOPE],
      state,
      code_challenge: codeChallenge,
      code_challenge_method: CodeChallengeMethod.S256,
    }),
  );
  const code = await listening.code;
  const refreshToken = await exchange(client, { code, codeVerifier });
  if (!refreshToken) throw modelError("model.auth", "Google gave no refresh token.");
  return refreshToken;
}

function clientOf(wish: SignIn, redirectUri: string): OAuth2Client {
  const { clientId, clientSecret, tokenUrl, consentUrl } = wish;
  if ([clientId, clientSecret].some((word) => !/^[\x21-\x7e]+$/.test(word))) {
    throw new NexusError("config.invalid", "Google's OAuth client is not complete.", {
      hint: "Make a client of the kind 'desktop app' in your Google project and set its id and secret.",
    });
  }
  return new OAuth2Client({
    clientId,
    clientSecret,
    redirectUri,
    useAuthRequestParameters: false,
    transporterOptions: { fetchImplementation: createTokenFetch() },
    endpoints: {
      ...(tokenUrl === undefined ? {} : { oauth2TokenUrl: tokenUrl }),
      ...(consentUrl === undefined ? {} : { oauth2AuthBaseUrl: consentUrl }),
    },
  });
}

async function exchange(
  client: OAuth2Client,
  given: { code: string; codeVerifier: string },
): Promise<string | null | undefined> {
  try {
    const { tokens } = await client.getToken(given);
    return tokens.refresh_token;
  } catch {
    // The library's error carries the request with its secrets.
    throw modelError("model.auth", "Google did not take the code of the sign-in.");
  }
}
