import { type Account, type Installation, type Json, nodeId, type State } from "../state.ts";

/** A person, bot or organization as GitHub shows it everywhere. */
export function accountJson(state: State, account: Account): Json {
  const login = encodeURIComponent(account.login);
  const url = `${state.apiUrl}/users/${login}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId("U", account.id),
    avatar_url: `${state.url}/avatars/${login}`,
    gravatar_id: "",
    url,
    html_url: `${state.url}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: account.type,
    user_view_type: "public",
    site_admin: false,
  };
}

/** The public profile of an account. */
export function profileJson(state: State, account: Account): Json {
  return {
    ...accountJson(state, account),
    name: account.login,
    company: null,
    blog: "",
    location: null,
    email: null,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: state.app.createdAt,
    updated_at: state.app.createdAt,
  };
}

/** The App itself. */
export function appJson(state: State): Json {
  const { app } = state;
  return {
    id: app.id,
    slug: app.slug,
    client_id: app.clientId,
    node_id: nodeId("A", app.id),
    owner: accountJson(state, state.appOwner),
    name: app.name,
    description: "",
    external_url: `${state.url}/apps/${app.slug}`,
    html_url: `${state.url}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: app.permissions,
    events: app.events,
  };
}

/** The App as installed on one account. */
export function installationJson(state: State, installation: Installation): Json {
  const { account } = installation;
  return {
    id: installation.id,
    account: accountJson(state, account),
    repository_selection: "selected",
    access_tokens_url: `${state.apiUrl}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${state.apiUrl}/installation/repositories`,
    html_url: `${state.url}/settings/installations/${installation.id}`,
    app_id: state.app.id,
    app_slug: state.app.slug,
    client_id: state.app.clientId,
    target_id: account.id,
    target_type: account.type,
    permissions: installation.permissions,
    events: state.app.events,
    created_at: installation.createdAt,
    updated_at: installation.createdAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: null,
  };
}
