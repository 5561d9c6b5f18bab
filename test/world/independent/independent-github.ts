import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createEmulator } from "emulate";
import { freePort } from "../free-port.ts";
import { initBare, refsOf } from "../github/git.ts";
import { writeCommit } from "../github/write-commit.ts";
import { carryBranch } from "./carry-branch.ts";
import { startFront } from "./front.ts";
import { type Rest, restAt } from "./rest.ts";

const APP_ID = 4711;
const SLUG = "nexus";
const PERMISSIONS = {
  metadata: "read",
  contents: "write",
  issues: "write",
  pull_requests: "write",
  checks: "write",
};

export type IndependentGitHub = Awaited<ReturnType<typeof startIndependentGitHub>>;

interface Seed {
  /** Where the emulator sends webhooks: it is told once, before anybody listens there. */
  readonly webhookUrl: string;
  readonly owner: string;
  readonly repositories: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Members of the owner, an organization. */
  readonly members: readonly string[];
  /** Known to the emulator, but no members. */
  readonly others: readonly string[];
}

/** A GitHub that somebody else wrote: `emulate`, with git beside it since it has none of its own. */
export async function startIndependentGitHub(seed: Seed) {
  const { owner, members, others } = seed;
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "independent-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const folderOf = (repo: string) => join(folder, `${repo}.git`);
  const port = await freePort();
  const emulatorUrl = `http://127.0.0.1:${port}`;
  const front = stack.use(await startFront({ emulatorUrl, folderOf }));
  const app = newApp();
  const people = [...members, ...others];
  const tokens = Object.fromEntries(people.map((login) => [tokenOf(login), { login }]));
  const emulator = await createEmulator({
    service: "github",
    port,
    baseUrl: front.url,
    seed: { tokens, github: { ...population(seed), apps: [appSeed(app, seed)] } },
  });
  stack.defer(() => emulator.close());
  const as = (login: string): Rest => restAt(emulatorUrl, tokenOf(login));
  const [first = ""] = members;
  for (const [name, files] of Object.entries(seed.repositories)) {
    await fill(as(first), `${owner}/${name}`, { folder: folderOf(`${owner}/${name}`), files });
  }
  const kept = stack.move();
  return {
    url: front.url,
    app,
    /** The emulator heard of it when it was born. */
    setWebhook: () => undefined,
    /** Its REST interface, as one of the people. */
    as,
    /** What Nexus asked it, and what it said. */
    answered: front.answered,
    loseAnswer: front.loseAnswer,
    gitFolder: folderOf,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function newApp() {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  return {
    id: APP_ID,
    slug: SLUG,
    privateKey,
    webhookSecret: randomBytes(32).toString("hex"),
  };
}

function population({ owner, repositories, members, others }: Seed) {
  // Whoever shows a token it does not know is taken for the first person: one who may do nothing.
  const logins = ["nobody", ...members, ...others];
  return {
    users: logins.map((login) => ({ login })),
    orgs: [{ login: owner, members: members.map((login) => ({ login, role: "admin" })) }],
    // Private: only there does the emulator ask what a token may read.
    repos: Object.keys(repositories).map((name) => ({
      owner,
      name,
      auto_init: false,
      private: true,
    })),
  };
}

function appSeed(app: ReturnType<typeof newApp>, { owner, webhookUrl }: Seed) {
  return {
    app_id: app.id,
    slug: app.slug,
    name: app.slug,
    private_key: app.privateKey,
    permissions: PERMISSIONS,
    events: ["issue_comment"],
    webhook_url: webhookUrl,
    webhook_secret: app.webhookSecret,
    installations: [{ installation_id: 7, account: owner, repository_selection: "all" }],
  };
}

/** The first commit, in the bare repository and in the emulator. */
async function fill(
  rest: Rest,
  repo: string,
  { folder, files }: { folder: string; files: Readonly<Record<string, string>> },
): Promise<void> {
  await initBare(folder, "main");
  const author = { id: 1, login: "acme", type: "Organization" } as const;
  const message = "Initial commit\n";
  await writeCommit(folder, { branch: "main", parent: undefined, files, message, author });
  const head = (await refsOf(folder)).get("refs/heads/main") ?? "";
  await carryBranch(rest, repo, { folder, name: "main", before: undefined, head });
}

function tokenOf(login: string): string {
  return `token-of-${login}`;
}
