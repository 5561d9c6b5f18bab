import { type Json, nodeId, type Repository, type State } from "../state.ts";
import { accountJson } from "./account.ts";

/** Where the API speaks of a repository. */
export function repositoryUrl(state: State, repo: Repository): string {
  return `${state.apiUrl}/repos/${repo.owner.login}/${repo.name}`;
}

/** Where people look at a repository. */
export function repositoryPage(state: State, repo: Repository): string {
  return `${state.url}/${repo.owner.login}/${repo.name}`;
}

const LINKS: Record<string, string> = {
  forks_url: "/forks",
  keys_url: "/keys{/key_id}",
  collaborators_url: "/collaborators{/collaborator}",
  teams_url: "/teams",
  hooks_url: "/hooks",
  issue_events_url: "/issues/events{/number}",
  events_url: "/events",
  assignees_url: "/assignees{/user}",
  branches_url: "/branches{/branch}",
  tags_url: "/tags",
  blobs_url: "/git/blobs{/sha}",
  git_tags_url: "/git/tags{/sha}",
  git_refs_url: "/git/refs{/sha}",
  trees_url: "/git/trees{/sha}",
  statuses_url: "/statuses/{sha}",
  languages_url: "/languages",
  stargazers_url: "/stargazers",
  contributors_url: "/contributors",
  subscribers_url: "/subscribers",
  subscription_url: "/subscription",
  commits_url: "/commits{/sha}",
  git_commits_url: "/git/commits{/sha}",
  comments_url: "/comments{/number}",
  issue_comment_url: "/issues/comments{/number}",
  contents_url: "/contents/{+path}",
  compare_url: "/compare/{base}...{head}",
  merges_url: "/merges",
  archive_url: "/{archive_format}{/ref}",
  downloads_url: "/downloads",
  issues_url: "/issues{/number}",
  pulls_url: "/pulls{/number}",
  milestones_url: "/milestones{/number}",
  notifications_url: "/notifications{?since,all,participating}",
  labels_url: "/labels{/name}",
  releases_url: "/releases{/id}",
  deployments_url: "/deployments",
};

function countsOf(repo: Repository): Json {
  const open = [...repo.issues.values()].filter((issue) => issue.state === "open").length;
  return {
    size: 0,
    stargazers_count: 0,
    watchers_count: 0,
    forks_count: 0,
    open_issues_count: open,
    forks: 0,
    open_issues: open,
    watchers: 0,
  };
}

/** A repository as it stands inside other answers and in webhooks. */
export function repositoryJson(state: State, repo: Repository): Json {
  const url = repositoryUrl(state, repo);
  const page = repositoryPage(state, repo);
  const links = Object.entries(LINKS).map(([key, path]) => [key, `${url}${path}`]);
  return {
    id: repo.id,
    node_id: nodeId("R", repo.id),
    name: repo.name,
    full_name: `${repo.owner.login}/${repo.name}`,
    private: repo.private,
    owner: accountJson(state, repo.owner),
    html_url: page,
    description: null,
    fork: false,
    url,
    ...Object.fromEntries(links),
    created_at: repo.createdAt,
    updated_at: repo.pushedAt,
    pushed_at: repo.pushedAt,
    git_url: `git:${page.slice(page.indexOf("//"))}.git`,
    ssh_url: `ssh:${page.slice(page.indexOf("//"))}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    homepage: null,
    language: null,
    has_issues: true,
    has_projects: false,
    has_downloads: true,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    ...countsOf(repo),
    mirror_url: null,
    archived: false,
    disabled: false,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repo.private ? "private" : "public",
    default_branch: repo.defaultBranch,
    custom_properties: {},
  };
}

/** A repository asked for by itself. */
export function fullRepositoryJson(state: State, repo: Repository): Json {
  return {
    ...repositoryJson(state, repo),
    network_count: 0,
    subscribers_count: 0,
    temp_clone_token: null,
    allow_squash_merge: true,
    allow_merge_commit: true,
    allow_rebase_merge: true,
    allow_auto_merge: false,
    delete_branch_on_merge: false,
    permissions: { admin: false, maintain: false, push: false, triage: false, pull: false },
  };
}

/** A repository as the push event shows it: times in seconds, and the owner's address. */
export function pushedRepositoryJson(state: State, repo: Repository): Json {
  return {
    ...repositoryJson(state, repo),
    url: repositoryPage(state, repo),
    owner: {
      ...accountJson(state, repo.owner),
      name: repo.owner.login,
      email: `${repo.owner.id}+${repo.owner.login}@users.noreply.github.com`,
    },
    created_at: Math.floor(Date.parse(repo.createdAt) / 1000),
    pushed_at: Math.floor(Date.parse(repo.pushedAt) / 1000),
    stargazers: 0,
    master_branch: repo.defaultBranch,
  };
}
