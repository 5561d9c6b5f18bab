import {
  notFound,
  number,
  object,
  optionalText,
  paged,
  type Reply,
  type RepositoryCall,
  type Routes,
  text,
} from "./call.ts";
import { tell } from "./events.ts";
import { commitAsked } from "./git-data.ts";
import { resolve } from "./repositories.ts";
import { checkRunJson, statusesJson, statusJson } from "./shapes/check.ts";
import { repositoryJson, repositoryPage, repositoryUrl } from "./shapes/repository.ts";
import { type CheckRun, type Json, nodeId, now, type Status } from "./state.ts";

const NOTHING = "0".repeat(40);

function suiteJson(call: RepositoryCall, run: CheckRun): Json {
  const { state, repo } = call;
  const url = `${repositoryUrl(state, repo)}/check-suites/${run.suite}`;
  const json = checkRunJson(state, repo, run);
  const pull = (json.pull_requests as Json[])[0];
  const branch = pull === undefined ? null : (pull.head as Json).ref;
  return {
    id: run.suite,
    node_id: nodeId("CS", run.suite),
    head_branch: branch ?? repo.defaultBranch,
    head_sha: run.headSha,
    status: run.status,
    conclusion: run.conclusion,
    url,
    before: NOTHING,
    after: run.headSha,
    pull_requests: json.pull_requests,
    app: json.app,
    created_at: run.startedAt ?? now(),
    updated_at: now(),
  };
}

/** The App hears of its own check runs, as on GitHub. */
function announce(call: RepositoryCall, run: CheckRun, action: string): void {
  const { hub, state, repo } = call;
  const check = { ...checkRunJson(state, repo, run), check_suite: suiteJson(call, run) };
  const payload = { check_run: check };
  tell(hub, { name: "check_run", action, repo, sender: state.bot, payload });
}

function applyOutput(run: CheckRun, output: Json): void {
  run.output.title = optionalText(output, "title") ?? run.output.title;
  run.output.summary = optionalText(output, "summary") ?? run.output.summary;
  run.output.text = optionalText(output, "text") ?? run.output.text;
  if (Array.isArray(output.annotations))
    run.output.annotations.push(...(output.annotations as Json[]));
}

/** Takes over what the body says. A conclusion completes the run, whatever its status was. */
function apply(call: RepositoryCall, run: CheckRun): void {
  const { body } = call;
  run.name = optionalText(body, "name") ?? run.name;
  run.status = optionalText(body, "status") ?? run.status;
  run.externalId = optionalText(body, "external_id") ?? run.externalId;
  run.detailsUrl = optionalText(body, "details_url") ?? run.detailsUrl;
  run.startedAt = optionalText(body, "started_at") ?? run.startedAt;
  const conclusion = optionalText(body, "conclusion");
  if (conclusion !== undefined) {
    run.conclusion = conclusion;
    run.status = "completed";
  }
  if (run.status === "completed") {
    run.completedAt = optionalText(body, "completed_at") ?? run.completedAt ?? now();
  }
  applyOutput(run, object(body, "output"));
}

async function create(call: RepositoryCall): Promise<Reply> {
  const { state, repo, body } = call;
  const headSha = await commitAsked(call, text(body, "head_sha"));
  const sibling = repo.checkRuns.find((run) => run.headSha === headSha);
  const run: CheckRun = {
    id: state.nextId(),
    headSha,
    suite: sibling?.suite ?? state.nextId(),
    output: { title: null, summary: null, text: null, annotations: [] },
    name: text(body, "name"),
    status: "queued",
    conclusion: null,
    externalId: "",
    detailsUrl: null,
    startedAt: now(),
    completedAt: null,
  };
  apply(call, run);
  repo.checkRuns.push(run);
  announce(call, run, "created");
  if (run.status === "completed") announce(call, run, "completed");
  return { status: 201, body: checkRunJson(state, repo, run) };
}

function asked(call: RepositoryCall): CheckRun {
  const id = number(call.params, "check_run_id");
  const run = call.repo.checkRuns.find((one) => one.id === id);
  if (run === undefined) throw notFound();
  return run;
}

function update(call: RepositoryCall): Reply {
  const run = asked(call);
  const before = run.status;
  apply(call, run);
  if (run.status === "completed" && before !== "completed") announce(call, run, "completed");
  return { status: 200, body: checkRunJson(call.state, call.repo, run) };
}

function get(call: RepositoryCall): Reply {
  return { status: 200, body: checkRunJson(call.state, call.repo, asked(call)) };
}

function annotations(call: RepositoryCall): Reply {
  const run = asked(call);
  const page = repositoryPage(call.state, call.repo);
  const found = run.output.annotations.map((annotation) => ({
    start_column: null,
    end_column: null,
    title: null,
    raw_details: null,
    ...annotation,
    blob_href: `${page}/blob/${run.headSha}/${text(annotation, "path")}`,
  }));
  return paged(call, found);
}

/** Newest first; by default only the newest run of each name, as GitHub does it. */
async function listForRef(call: RepositoryCall): Promise<Reply> {
  const { state, repo, query } = call;
  const sha = await resolve(call, text(call.params, "ref"));
  const name = optionalText(query, "check_name");
  const status = optionalText(query, "status");
  const all = repo.checkRuns
    .filter((run) => run.headSha === sha)
    .filter((run) => name === undefined || run.name === name)
    .filter((run) => status === undefined || run.status === status)
    .toReversed();
  const latest = all.filter((run, at) => all.findIndex((one) => one.name === run.name) === at);
  const runs = query.filter === "all" ? all : latest;
  const wanted = query.app_id === undefined || number(query, "app_id") === state.app.id;
  return paged(call, wanted ? runs : [], (page) => ({
    total_count: wanted ? runs.length : 0,
    check_runs: page.map((run) => checkRunJson(state, repo, run)),
  }));
}

async function createStatus(call: RepositoryCall): Promise<Reply> {
  const { state, repo, body } = call;
  const status: Status = {
    id: state.nextId(),
    sha: await commitAsked(call, text(call.params, "sha")),
    state: text(body, "state"),
    context: optionalText(body, "context") ?? "default",
    description: optionalText(body, "description") ?? null,
    targetUrl: optionalText(body, "target_url") ?? null,
    creator: state.bot,
    createdAt: now(),
  };
  repo.statuses.push(status);
  return { status: 201, body: statusJson(state, repo, status) };
}

async function statusesAt(call: RepositoryCall): Promise<{ sha: string; all: Status[] }> {
  const sha = await resolve(call, text(call.params, "ref"));
  return { sha, all: call.repo.statuses.filter((status) => status.sha === sha).toReversed() };
}

function combined(statuses: readonly Status[]): string {
  if (statuses.some(({ state }) => state === "failure" || state === "error")) return "failure";
  const pending = statuses.length === 0 || statuses.some(({ state }) => state === "pending");
  return pending ? "pending" : "success";
}

async function combinedStatus(call: RepositoryCall): Promise<Reply> {
  const { state, repo } = call;
  const { sha, all } = await statusesAt(call);
  const latest = all.filter((one, at) => all.findIndex((s) => s.context === one.context) === at);
  const commit = `${repositoryUrl(state, repo)}/commits/${sha}`;
  return paged(call, latest, (page) => ({
    state: combined(latest),
    statuses: statusesJson(state, repo, page),
    sha,
    total_count: latest.length,
    repository: repositoryJson(state, repo),
    commit_url: commit,
    url: `${commit}/status`,
  }));
}

async function listStatuses(call: RepositoryCall): Promise<Reply> {
  const { state, repo } = call;
  const { all } = await statusesAt(call);
  return paged(call, all, (page) => page.map((status) => statusJson(state, repo, status)));
}

/** Leads to the log, like GitHub, by a redirect to a place that needs no token. */
const logs =
  (kind: "jobs" | "runs", id: string) =>
  (call: RepositoryCall): Reply => {
    const key = `${kind}/${number(call.params, id)}`;
    if (!call.repo.logs.has(key)) throw notFound();
    const location = `${call.state.url}/logs/${call.repo.owner.login}/${call.repo.name}/${key}`;
    return { status: 302, headers: { location } };
  };

const REPO = "/repos/{owner}/{repo}";
const route = (
  permission: string,
  level: "read" | "write",
  handle: (call: RepositoryCall) => Promise<Reply> | Reply,
) => ({ auth: "repository", need: { any: [permission], level }, handle }) as const;

/** Check runs, commit statuses and the logs of Actions. */
export const CHECK_ROUTES: Routes = {
  [`POST ${REPO}/check-runs`]: route("checks", "write", create),
  [`GET ${REPO}/check-runs/{check_run_id}`]: route("checks", "read", get),
  [`PATCH ${REPO}/check-runs/{check_run_id}`]: route("checks", "write", update),
  [`GET ${REPO}/check-runs/{check_run_id}/annotations`]: route("checks", "read", annotations),
  [`GET ${REPO}/commits/{ref}/check-runs`]: route("checks", "read", listForRef),
  [`POST ${REPO}/statuses/{sha}`]: route("statuses", "write", createStatus),
  [`GET ${REPO}/commits/{ref}/status`]: route("statuses", "read", combinedStatus),
  [`GET ${REPO}/commits/{ref}/statuses`]: route("statuses", "read", listStatuses),
  [`GET ${REPO}/actions/jobs/{job_id}/logs`]: route("actions", "read", logs("jobs", "job_id")),
  [`GET ${REPO}/actions/runs/{run_id}/logs`]: route("actions", "read", logs("runs", "run_id")),
};
