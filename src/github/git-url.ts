import type { Repo } from "../core/task.ts";

/** Where git finds a repository of the GitHub whose REST interface is at this address. */
export function gitUrl(apiUrl: string, repo: Repo): string {
  const url = new URL(apiUrl);
  if (url.hostname === "api.github.com") url.hostname = "github.com";
  url.pathname = `/${encodeURIComponent(repo.owner)}/${encodeURIComponent(repo.name)}.git`;
  return url.href;
}
