import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApi } from "./api.ts";
import { type AppOptions, createApp } from "./app-identity.ts";
import type { Hub, NewEvent } from "./call.ts";
import { createFaults } from "./faults.ts";
import { type GitHttp, serveGit, writeGuard } from "./git-http.ts";
import { createPages } from "./pages/pages.ts";
import { createPeople } from "./people.ts";
import { createReaders } from "./readers.ts";
import { tellRefChanges } from "./ref-changes.ts";
import { listen, type SeenRequest, type Surfaces } from "./server.ts";
import { type Account, createState, type Repository, type State } from "./state.ts";
import { createWebhooks } from "./webhooks.ts";

export interface GitHubOptions {
  /** A free one where not given. */
  readonly port?: number;
  /** Where the bare repositories live; a temporary folder where not given. */
  readonly folder?: string;
  readonly log?: (line: string) => void;
  readonly app?: AppOptions;
}

export type GitHubWorld = Awaited<ReturnType<typeof startGitHub>>;

/** Changes of refs are told one after the other per repository. */
function createHub(state: State, webhooks: ReturnType<typeof createWebhooks>): Hub {
  const queues = new Map<number, Promise<void>>();
  const hub: Hub = {
    state,
    emit: (event: NewEvent) => void webhooks.send(event),
    redeliver: (delivery) => void webhooks.redeliver(delivery),
    refsChanged(repo: Repository, by: Account) {
      const before = queues.get(repo.id) ?? Promise.resolve();
      const work = before.catch(() => undefined).then(() => tellRefChanges(hub, repo, by));
      queues.set(repo.id, work);
      return work;
    },
  };
  return hub;
}

/** A GitHub on this machine: REST, git over HTTP, webhooks and pages. Closing it stops everything. */
export async function startGitHub(options: GitHubOptions = {}) {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), "github-")));
  const findings = { violations: [] as string[], warnings: [] as string[] };
  const requests: SeenRequest[] = [];
  const faults = createFaults();
  const stopping = new AbortController();
  const guard = await writeGuard(folder);
  let surfaces: Surfaces | undefined;
  const started = () => {
    if (surfaces === undefined) throw new Error("Not started yet.");
    return surfaces;
  };
  const seen = (request: SeenRequest) => {
    requests.push(request);
    options.log?.(`${request.method} ${request.path}${request.query} ${request.status}`);
  };
  const watching = { faults, stopping: stopping.signal, seen };
  const { server, url } = await listen(started, watching, options.port ?? 0);
  const state = createState({ url, app: createApp(options.app ?? {}) });
  const webhooks = createWebhooks(state, findings.violations);
  const hub = createHub(state, webhooks);
  const http: GitHttp = { state, guard, pushed: (repo, by) => hub.refsChanged(repo, by) };
  surfaces = {
    api: createApi(hub, findings),
    git: (request, wanted) => serveGit(http, request, wanted),
    page: createPages(state),
  };
  return {
    url,
    apiUrl: state.apiUrl,
    app: {
      id: state.app.id,
      slug: state.app.slug,
      privateKey: state.app.privateKey,
      webhookSecret: state.app.webhookSecret,
    },
    /** Whatever GitHub would not have said or accepted. Tests assert that it is empty. */
    violations: findings.violations,
    /** Fields of answers that GitHub's description requires and ours lack. */
    warnings: findings.warnings,
    requests: requests as readonly SeenRequest[],
    deliveries: state.deliveries as readonly (typeof state.deliveries)[number][],
    /** Where webhooks go; nowhere until it is set. */
    setWebhook: webhooks.setTarget,
    /** Makes trouble for requests that match; returns what takes it away again. */
    fault: faults.add,
    /** Resolves when no webhook is on its way any more. */
    idle: webhooks.idle,
    ...createPeople({ hub, webhooks, folder }),
    ...createReaders(state),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      webhooks.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await webhooks.idle();
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}
