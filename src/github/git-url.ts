import type { Repo } from "../core/task.ts";

/** Where git finds a repository of the GitHub whose REST interface is at this address. */
export function gitUrl(apiUrl: string, repo: Repo): string {
  const url = new URL(apiUrl);
  // GitHub's own clouds have a host of their own for the API.
  const cloud = /^api\.((?:[a-z0-9-]+\.ghe|github)\.com)$/.exec(url.hostname)?.[1];
  if (cloud) url.hostname = cloud;
  url.pathname = `/${encodeURIComponent(repo.owner)}/${encodeURIComponent(repo.name)}.git`;
  return url.href;
}
