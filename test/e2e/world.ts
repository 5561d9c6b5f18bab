import { inject } from "vitest";
import { freshDatabase } from "../world/database.ts";
import { startGitHub } from "../world/github/github.ts";
import { startInstallation } from "../world/installation.ts";
import type { Script } from "../world/model/script.ts";
import { startScriptedModel } from "../world/model/scripted-model.ts";
import { startRedis } from "../world/redis.ts";
import { until } from "../world/until.ts";

export type World = Awaited<ReturnType<typeof startWorld>>;

export const PERSON = "maria";
const OWNER = "acme";
const BOT = "nexus[bot]";

/** Headlines of a tracking comment whose task has not ended. */
const GOING_ON = /### Nexus: (accepted|working)/;

/** A GitHub, a model where there is a script, and a whole Nexus in processes of its own, with servers of its own. */
export async function startWorld(
  options: { script?: Script; env?: Readonly<Record<string, string>> } = {},
) {
  const { script, env = {} } = options;
  await using stack = new AsyncDisposableStack();
  const github = stack.use(await startGitHub());
  const database = stack.use(await freshDatabase(inject("databaseUrl")));
  const redis = stack.use(await startRedis());
  const model = script && stack.use(await startScriptedModel(script));
  const servers = { github, model, databaseUrl: database.url, redisUrl: redis.url };
  const nexus = stack.use(await startInstallation({ ...servers, env }));
  const kept = stack.move();

  const repository = async (name: string, files: Record<string, string>) => {
    const { repo } = await github.createRepository({ owner: OWNER, name, files });
    github.addCollaborator(repo, PERSON, "write");
    return repo;
  };
  type Repo = Awaited<ReturnType<typeof repository>>;

  /** Opens an issue and asks on it. */
  const ask = async (repo: Repo, request: string, by = PERSON) => {
    const issue = github.openIssue(repo, {
      title: "Something is to do",
      body: "",
      by: PERSON,
    });
    const comment = await github.comment(repo, issue, { by, body: `/nexus ${request}` });
    return { ...comment, issue };
  };
  const said = async (repo: Repo, issue: number) =>
    (await github.comments(repo, issue)).filter(({ author }) => author === BOT);
  const tracking = async (repo: Repo, issue: number) => {
    const found = (await said(repo, issue)).filter(({ body }) =>
      body.startsWith("<!-- nexus:task"),
    );
    if (found.length > 1) throw new Error("There are two tracking comments.");
    return found[0]?.body ?? "";
  };
  /** The tracking comment once its task has ended. */
  const ended = (repo: Repo, issue: number, timeoutMs = 120_000) =>
    until(
      async () => {
        const body = await tracking(repo, issue);
        return body !== "" && !GOING_ON.test(body) && body;
      },
      {
        what: `the task of issue ${issue} to end`,
        timeoutMs,
        tell: () => nexus.output().slice(-6000),
      },
    );
  return {
    github,
    database,
    redis,
    model,
    nexus,
    repository,
    ask,
    said,
    tracking,
    ended,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
