import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text as readText } from "node:stream/consumers";

/** One request for a token. */
interface TokenRequest {
  readonly form: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What the server answers with; undefined hangs. */
export type TokenAnswer = { readonly status: number; readonly body: unknown } | undefined;

/** A person's consent, as a browser carries it. */
interface Consent {
  readonly redirectUri: string;
  readonly state: string;
  readonly code: string;
}

/** An OAuth server as Google's is one, on the loopback interface. */
export interface OAuthServer extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly TokenRequest[];
  /** Signs the person in at the address that a client asks for. */
  consent(url: string): Consent;
}

/** Answers requests for tokens by the script until disposed; without one as Google does. */
export async function startOAuthServer(
  script?: (index: number) => TokenAnswer,
): Promise<OAuthServer> {
  const requests: TokenRequest[] = [];
  const challenges = new Map<string, { challenge: string; redirectUri: string }>();
  const server = createServer(async (request, response) => {
    const form = Object.fromEntries(new URLSearchParams(await readText(request)));
    requests.push({ form, headers: request.headers });
    const index = requests.length - 1;
    const answer = script ? script(index) : tokenFor(form, index);
    if (!answer) return;
    response.writeHead(answer.status, { "content-type": "application/json; charset=utf-8" });
    response.end(JSON.stringify(answer.body));
  });

  function tokenFor(form: Record<string, string>, index: number): TokenAnswer {
    const token = { access_token: `ya29.token-${index}`, expires_in: 3600, token_type: "Bearer" };
    if (form.grant_type !== "authorization_code") return { status: 200, body: token };
    const asked = challenges.get(form.code ?? "");
    const challenge = createHash("sha256")
      .update(form.code_verifier ?? "")
      .digest("base64url");
    if (asked?.challenge !== challenge || asked.redirectUri !== form.redirect_uri) {
      return { status: 400, body: { error: "invalid_grant" } };
    }
    return { status: 200, body: { ...token, refresh_token: "1//refresh-token-of-a-person" } };
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A TCP server's address is never a pipe's name.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    consent(url) {
      const { searchParams } = new URL(url);
      const code = `4/code-${challenges.size}`;
      const redirectUri = searchParams.get("redirect_uri") ?? "";
      challenges.set(code, { challenge: searchParams.get("code_challenge") ?? "", redirectUri });
      return { redirectUri, state: searchParams.get("state") ?? "", code };
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
