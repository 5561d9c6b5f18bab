import {
  invalid,
  notFound,
  paged,
  type Reply,
  type RepositoryCall,
  type Routes,
  text,
  textList,
} from "./call.ts";
import { issueAsked } from "./issues.ts";
import { ensureLabels } from "./labels.ts";
import { labelJson, labelsOf } from "./shapes/issue.ts";
import type { Label } from "./state.ts";

function list(call: RepositoryCall): Reply {
  return paged(call, labelsOf(call.state, call.repo, issueAsked(call)));
}

function add(call: RepositoryCall): Reply {
  const issue = issueAsked(call);
  const names = Array.isArray(call.body) ? call.body.map(String) : textList(call.body, "labels");
  const labels = ensureLabels(call.state, call.repo, names);
  issue.labels = [...new Set([...issue.labels, ...labels])];
  return { status: 200, body: labelsOf(call.state, call.repo, issue) };
}

function remove(call: RepositoryCall): Reply {
  const issue = issueAsked(call);
  const name = text(call.params, "name").toLowerCase();
  if (!issue.labels.some((label) => label.toLowerCase() === name)) throw notFound();
  issue.labels = issue.labels.filter((label) => label.toLowerCase() !== name);
  return { status: 200, body: labelsOf(call.state, call.repo, issue) };
}

function listAll(call: RepositoryCall): Reply {
  const { state, repo } = call;
  return paged(call, [...repo.labels.values()], (page) =>
    page.map((label) => labelJson(state, repo, label)),
  );
}

function create(call: RepositoryCall): Reply {
  const { state, repo, body } = call;
  const name = text(body, "name");
  if (repo.labels.has(name.toLowerCase())) {
    throw invalid({ resource: "Label", code: "already_exists", field: "name" });
  }
  const label: Label = {
    id: state.nextId(),
    name,
    color: text(body, "color") || "ededed",
    description: text(body, "description") || null,
  };
  repo.labels.set(name.toLowerCase(), label);
  return { status: 201, body: labelJson(state, repo, label) };
}

function getOne(call: RepositoryCall): Reply {
  const label = call.repo.labels.get(text(call.params, "name").toLowerCase());
  if (label === undefined) throw notFound();
  return { status: 200, body: labelJson(call.state, call.repo, label) };
}

const REPO = "/repos/{owner}/{repo}";
const EITHER = ["issues", "pull_requests"];
const read = (handle: (call: RepositoryCall) => Reply) =>
  ({ auth: "repository", need: { any: EITHER, level: "read" }, handle }) as const;
const write = (handle: (call: RepositoryCall) => Reply) =>
  ({ auth: "repository", need: { any: EITHER, level: "write" }, handle }) as const;

/** Labels of the repository and on its issues. */
export const LABEL_ROUTES: Routes = {
  [`GET ${REPO}/issues/{issue_number}/labels`]: read(list),
  [`POST ${REPO}/issues/{issue_number}/labels`]: write(add),
  [`DELETE ${REPO}/issues/{issue_number}/labels/{name}`]: write(remove),
  [`GET ${REPO}/labels`]: read(listAll),
  [`POST ${REPO}/labels`]: write(create),
  [`GET ${REPO}/labels/{name}`]: read(getOne),
};
