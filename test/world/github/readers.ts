import { refsOf } from "./git.ts";
import { known, type RepositoryName } from "./people.ts";
import { pullsOf } from "./pulls.ts";
import { followBranches } from "./shapes/pull.ts";
import type { State } from "./state.ts";

/** What the world looks like now, for tests to compare with. */
export function createReaders(state: State) {
  const find = (name: RepositoryName) => known(state, name);
  const branch = "refs/heads/";

  async function pulls(name: RepositoryName) {
    const repo = find(name);
    const found = pullsOf(repo);
    for (const pull of found) await followBranches(repo, pull);
    return found.map((issue) => ({
      number: issue.number,
      title: issue.title,
      body: issue.body ?? "",
      author: issue.author.login,
      state: issue.state,
      draft: issue.pull.draft,
      merged: issue.pull.mergedAt !== undefined,
      head: issue.pull.head,
      base: issue.pull.base,
      headSha: issue.pull.headSha,
      baseSha: issue.pull.baseSha,
    }));
  }

  async function comments(name: RepositoryName, issue: number) {
    return [...find(name).comments.values()]
      .filter((comment) => comment.issue === issue)
      .map(({ id, author, body, createdAt, updatedAt }) => ({
        id,
        author: author.login,
        body,
        createdAt,
        updatedAt,
      }));
  }

  async function reactions(name: RepositoryName, commentId: number) {
    const found = find(name).comments.get(commentId)?.reactions ?? [];
    return found.map(({ user, content }) => ({ user: user.login, content }));
  }

  async function checkRuns(name: RepositoryName, sha: string) {
    return find(name)
      .checkRuns.filter((run) => run.headSha === sha)
      .map(({ id, name, status, conclusion, externalId, output, detailsUrl }) => ({
        id,
        name,
        status,
        conclusion,
        externalId,
        detailsUrl,
        title: output.title,
        summary: output.summary,
        text: output.text,
      }));
  }

  /** Branches with the commits they point at. */
  async function branches(name: RepositoryName): Promise<Map<string, string>> {
    const refs = [...(await refsOf(find(name).folder))];
    return new Map(
      refs
        .filter(([ref]) => ref.startsWith(branch))
        .map(([ref, sha]): [string, string] => [ref.slice(branch.length), sha]),
    );
  }

  /** The bare repository on this machine. */
  function gitFolder(name: RepositoryName): string {
    return find(name).folder;
  }

  return { pulls, comments, reactions, checkRuns, branches, gitFolder };
}
