import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** The key of the App that the server registers. */
export const APP_KEY = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
}).privateKey;

export const APP_SECRET = "c1b2a3948576c1b2a3948576c1b2a3948576abcd";

/** What GitHub answers when the code is good. */
export const CONVERSION = {
  id: 4711,
  slug: "nexus-acme",
  name: "Nexus Acme",
  pem: APP_KEY,
  webhook_secret: APP_SECRET,
  client_id: "Iv1.0123456789abcdef",
  client_secret: "0123456789abcdef0123456789abcdef01234567",
  html_url: "https://github.example/github-apps/nexus-acme",
};

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** A GitHub that can do one thing: turn codes into Apps. */
export interface ManifestGitHub extends AsyncDisposable {
  readonly url: string;
  /** Method and path of every request, in order. */
  readonly requests: readonly string[];
}

/** Starts it; it knows the code `good-code`, unless it is to answer something else. */
export async function startManifestGitHub(always?: Answer): Promise<ManifestGitHub> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const known = request.url === "/api/v3/app-manifests/good-code/conversions";
    const usual = known
      ? { status: 201, body: JSON.stringify(CONVERSION) }
      : { status: 404, body: JSON.stringify({ message: "Not Found" }) };
    const { status, body } = always ?? usual;
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  await new Promise<void>((ready) => {
    server.listen(0, "127.0.0.1", ready);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => {
        server.close(closed);
      });
    },
  };
}
