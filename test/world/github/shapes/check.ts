import {
  type CheckRun,
  type Json,
  nodeId,
  type Repository,
  type State,
  type Status,
} from "../state.ts";
import { accountJson, appJson } from "./account.ts";
import { isPull, pullReferenceJson } from "./pull.ts";
import { repositoryPage, repositoryUrl } from "./repository.ts";

/** A check run with its output and the open pull requests it stands on. */
export function checkRunJson(state: State, repo: Repository, run: CheckRun): Json {
  const url = `${repositoryUrl(state, repo)}/check-runs/${run.id}`;
  const page = `${repositoryPage(state, repo)}/runs/${run.id}`;
  const pulls = [...repo.issues.values()]
    .filter(isPull)
    .filter((issue) => issue.state === "open" && issue.pull.headSha === run.headSha);
  return {
    id: run.id,
    node_id: nodeId("CR", run.id),
    name: run.name,
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: page,
    details_url: run.detailsUrl ?? `${state.url}/apps/${state.app.slug}`,
    status: run.status,
    conclusion: run.conclusion,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    output: {
      title: run.output.title,
      summary: run.output.summary,
      text: run.output.text,
      annotations_count: run.output.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    check_suite: { id: run.suite },
    app: appJson(state),
    pull_requests: pulls.map((issue) => pullReferenceJson(state, repo, issue)),
  };
}

function simpleStatus(state: State, repo: Repository, status: Status): Json {
  const creator = accountJson(state, status.creator);
  return {
    url: `${repositoryUrl(state, repo)}/statuses/${status.sha}`,
    avatar_url: creator.avatar_url,
    id: status.id,
    node_id: nodeId("SC", status.id),
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: status.createdAt,
    updated_at: status.createdAt,
  };
}

export function statusJson(state: State, repo: Repository, status: Status): Json {
  return { ...simpleStatus(state, repo, status), creator: accountJson(state, status.creator) };
}

/** The statuses of one commit without who wrote them. */
export function statusesJson(state: State, repo: Repository, statuses: readonly Status[]): Json[] {
  return statuses.map((status) => simpleStatus(state, repo, status));
}
