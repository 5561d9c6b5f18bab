import { createAppAuth } from "@octokit/auth-app";
import { NexusError } from "../core/errors.ts";
import type { Repo } from "../core/task.ts";
import { answered, asking } from "./github-error.ts";
import { createRequest } from "./octokit.ts";

/** One repository, reached through one installation of the App. */
interface InstalledAt {
  readonly repo: Repo;
  readonly installationId: number;
}

/** What a token may do, in GitHub's words. */
export type Permissions = Readonly<Record<string, "read" | "write">>;

/** Tokens for one repository each, with the named permissions and no others. */
export interface Tokens {
  /** Good for reading what a task needs. */
  read(at: InstalledAt): Promise<{ readonly token: string; readonly expiresAt: string }>;
  write(at: InstalledAt, permissions: Permissions): Promise<string>;
  /** The login under which the tokens' writes appear. */
  botLogin(): Promise<string>;
}

const READ: Permissions = {
  metadata: "read",
  contents: "read",
  issues: "read",
  pull_requests: "read",
  checks: "read",
};

/** Mints a fresh token for each call, so that none is older than what it is used for. */
export function createAppTokens(app: {
  readonly appId: number | string;
  readonly privateKey: string;
  readonly apiUrl: string;
}): Tokens {
  const request = createRequest(app.apiUrl);
  const auth = createAppAuth({ appId: app.appId, privateKey: app.privateKey, request });
  const mint = (at: InstalledAt, permissions: Permissions) =>
    asking(() =>
      auth({
        type: "installation",
        installationId: at.installationId,
        repositoryNames: [at.repo.name],
        permissions: { ...permissions },
        refresh: true,
      }),
    ).catch(notAcceptedYet);
  let login: Promise<string> | undefined;
  return {
    async read(at) {
      const { token, expiresAt } = await mint(at, READ);
      return { token, expiresAt };
    },
    write: async (at, permissions) => (await mint(at, { metadata: "read", ...permissions })).token,
    botLogin() {
      login ??= asking(async () => {
        const { token } = await auth({ type: "app" });
        const { data } = await request("GET /app", {
          headers: { authorization: `bearer ${token}` },
        });
        if (data?.slug) return `${data.slug}[bot]`;
        throw new NexusError("github.refused", "GitHub does not know the App.");
      }).catch((error: unknown) => {
        // Asked again the next time.
        login = undefined;
        throw error;
      });
      return login;
    },
  };
}

/** Permissions wait for the owner of the installation to accept them: nothing is refused for good. */
function notAcceptedYet(error: unknown): never {
  if (!(error instanceof NexusError) || !answered(error.cause, 422)) throw error;
  if (!/permissions/i.test(error.message)) throw error;
  throw new NexusError("github.refused", error.message, {
    hint: "The App asks for permissions that the installation's owner has not accepted yet.",
    retryable: true,
    cause: error.cause,
  });
}
