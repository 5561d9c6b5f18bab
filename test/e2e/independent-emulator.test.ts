import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { z } from "zod";
import { type FreshDatabase, freshDatabase } from "../world/database.ts";
import { freePort } from "../world/free-port.ts";
import { refsOf } from "../world/github/git.ts";
import {
  type IndependentGitHub,
  startIndependentGitHub,
} from "../world/independent/independent-github.ts";
import { wanted } from "../world/independent/rest.ts";
import { type Installation, startInstallation } from "../world/installation.ts";
import { startScriptedModel } from "../world/model/scripted-model.ts";
import { startRedis } from "../world/redis.ts";
import { until } from "../world/until.ts";
import { answering, answersRepository } from "./answers.ts";

const NAMES = ["a", "b"];
const BOT = "nexus[bot]";

const User = z.object({ login: z.string(), type: z.string() });
const Numbered = z.object({ number: z.number() });
const Comment = z.object({ id: z.number(), body: z.string(), user: User });
const Pull = z.object({
  number: z.number(),
  html_url: z.string(),
  title: z.string(),
  draft: z.boolean(),
  user: User,
  head: z.object({ ref: z.string(), sha: z.string() }),
  base: z.object({ ref: z.string(), sha: z.string() }),
});
const CheckRuns = z.object({
  check_runs: z.array(
    z.object({
      name: z.string(),
      conclusion: z.string().nullable(),
      output: z.object({ title: z.string().nullable() }),
      app: z.unknown(),
    }),
  ),
});
const Minted = z.object({
  installation_tokens: z.array(
    z.object({
      permissions: z.record(z.string(), z.string()),
      repository_selection: z.string(),
      repository_ids: z.array(z.number()),
    }),
  ),
});

/**
 * The emulator of the other tests is ours, and could share a misunderstanding with the bot. This one is
 * somebody else's (`emulate`): where the two agree, the bot most likely understands GitHub; where this
 * one deviates from GitHub, the tests say how far the road goes.
 */
describe("the bot on a GitHub emulator that is not ours", () => {
  let github: IndependentGitHub;
  let database: FreshDatabase;
  let nexus: Installation;
  const stack = new AsyncDisposableStack();

  beforeAll(async () => {
    const port = await freePort();
    github = stack.use(
      await startIndependentGitHub({
        webhookUrl: `http://127.0.0.1:${port}/api/github/webhooks`,
        owner: "acme",
        repositories: {
          answers: answersRepository(NAMES),
          pushers: answersRepository(NAMES),
          lossy: answersRepository(NAMES),
        },
        members: ["maria"],
        others: ["pia"],
      }),
    );
    database = stack.use(await freshDatabase(inject("databaseUrl")));
    const redis = stack.use(await startRedis());
    const model = stack.use(await startScriptedModel(answering({ names: NAMES })));
    const servers = { github, model, databaseUrl: database.url, redisUrl: redis.url };
    nexus = stack.use(await startInstallation({ ...servers, env: { PORT: String(port) } }));
  });
  afterAll(() => stack.disposeAsync());

  /** Opens an issue and asks on it; the emulator tells the bot of the comment. */
  async function ask(repo: string, { by = "maria", request = "say yes" } = {}) {
    const issues = `/repos/acme/${repo}/issues`;
    const opened = github.as("maria")("POST", issues, { title: "Say yes", body: "Please." });
    const { number } = Numbered.parse(await wanted(opened));
    const body = `/nexus ${request}`;
    const made = await wanted(github.as(by)("POST", `${issues}/${number}/comments`, { body }));
    return { issue: number, commentId: Comment.parse(made).id };
  }

  async function said(repo: string, issue: number) {
    const comments = github.as("maria")("GET", `/repos/acme/${repo}/issues/${issue}/comments`);
    const all = z.array(Comment).parse(await wanted(comments));
    return all.filter(({ user }) => user.login === BOT);
  }

  /** The bot's one comment on an issue once it says the end. */
  const ended = (repo: string, issue: number) =>
    until(
      async () => {
        const [first, ...others] = await said(repo, issue);
        if (others.length > 0) throw new Error("The bot said more than one thing.");
        return first && !/### Nexus: (accepted|working)/.test(first.body) && first;
      },
      { what: "the task to end", tell: () => nexus.output().slice(-6000) },
    );

  async function pulls(repo: string) {
    const all = github.as("maria")("GET", `/repos/acme/${repo}/pulls?state=all`);
    return z.array(Pull).parse(await wanted(all));
  }

  it("goes the whole road: from the emulator's webhook to a pull request with its check run", async () => {
    const { issue } = await ask("answers");

    const comment = await ended("answers", issue);

    const [pull, ...others] = await pulls("answers");
    const branches = await refsOf(github.gitFolder("acme/answers"));
    expect(others).toEqual([]);
    expect(pull).toMatchObject({
      draft: false,
      user: { login: BOT, type: "Bot" },
      head: { sha: branches.get(`refs/heads/${pull?.head.ref}`) },
      base: { ref: "main", sha: branches.get("refs/heads/main") },
    });
    expect(pull?.head.ref).toMatch(/^nexus\/1-say-yes-\w{4}$/);
    expect(comment.body).toContain("### Nexus: pull request");
    expect(comment.body).toContain(pull?.html_url);
    expect(comment.body).toContain(pull?.head.sha.slice(0, 7));
    const runs = github.as("maria")(
      "GET",
      `/repos/acme/answers/commits/${pull?.head.sha}/check-runs`,
    );
    expect(CheckRuns.parse(await wanted(runs)).check_runs).toEqual([
      {
        name: "Nexus shadow run",
        conclusion: "success",
        output: { title: expect.stringMatching(/^1 of 1 .*passed$/) },
        app: null,
      },
    ]);
  });

  it("is given tokens for one repository each, and writes only with what the write needs", async () => {
    const { issue } = await ask("answers");
    await ended("answers", issue);

    const { installation_tokens: tokens } = Minted.parse(
      await wanted(github.as("maria")("GET", "/_emulate/installation-tokens")),
    );

    const kinds = new Set(
      tokens.map(({ permissions }) =>
        Object.entries(permissions)
          .map((entry) => entry.join(":"))
          .sort()
          .join(" "),
      ),
    );
    expect(tokens.every((token) => token.repository_selection === "selected")).toBe(true);
    expect(tokens.every((token) => token.repository_ids.length === 1)).toBe(true);
    expect([...kinds].sort()).toEqual([
      "checks:read contents:read issues:read metadata:read pull_requests:read",
      "checks:write metadata:read",
      "contents:read metadata:read pull_requests:write",
      "contents:write metadata:read",
      "issues:write metadata:read pull_requests:write",
    ]);
  });

  it("loses only the eyes on the comment: the emulator has no reactions", async () => {
    const { issue, commentId } = await ask("answers");

    const comment = await ended("answers", issue);

    const reactions = `/repos/acme/answers/issues/comments/${commentId}/reactions`;
    const asked = github.answered.filter(({ path }) => path === reactions);
    expect(asked).toMatchObject([{ method: "GET", status: 404 }]);
    expect(asked[0]?.answer).toContain("Not Found");
    const effects = await database.sql(
      "select state, reason from nexus.effects where effect->'wish'->>'kind' = 'reaction' and (effect->'wish'->>'commentId')::int = $1",
      [commentId],
    );
    expect(effects).toEqual([
      { state: "failed", reason: expect.stringMatching(/^GitHub answered 404: Not Found/) },
    ]);
    expect(comment.body).toContain("### Nexus: pull request");
  });

  it("takes the emulator's delivery id for what it is: a time, where GitHub sends a GUID", async () => {
    const { issue } = await ask("pushers", { request: "help" });
    await ended("pushers", issue);

    const rows = await database.sql(
      "select id from nexus.inbox where task->>'issue' = $1 and task->'repo'->>'name' = 'pushers'",
      [String(issue)],
    );

    expect(rows).toEqual([{ id: expect.stringMatching(/^\d{13}$/) }]);
  });

  it("goes no further than the refusal for somebody who may push: the emulator says push, GitHub says write", async () => {
    const collaborator = "/repos/acme/pushers/collaborators/pia";
    await wanted(github.as("maria")("PUT", collaborator, { permission: "push" }));

    const { issue } = await ask("pushers", { by: "pia" });
    const comment = await ended("pushers", issue);

    const asked = github.answered.filter(({ path }) => path === `${collaborator}/permission`);
    expect(asked.map(({ answer }) => JSON.parse(answer))).toMatchObject([
      { permission: "push", role_name: "write" },
    ]);
    expect(comment.body).toContain("write access");
    expect(await pulls("pushers")).toEqual([]);
  });

  it("makes each write once although its answer is lost, but for the check run: the emulator names no App", async () => {
    const repo = "/repos/acme/lossy";
    for (const path of [
      /^\/repos\/acme\/lossy\/issues\/\d+\/comments$/,
      /^\/repos\/acme\/lossy\/pulls$/,
      /^\/repos\/acme\/lossy\/check-runs$/,
    ]) {
      github.loseAnswer({ method: "POST", path });
    }

    const { issue } = await ask("lossy");
    const comment = await ended("lossy", issue);

    const [pull, ...others] = await pulls("lossy");
    const runs = github.as("maria")(
      "GET",
      `${repo}/commits/${pull?.head.sha}/check-runs?filter=all`,
    );
    expect(comment.body).toContain("### Nexus: pull request");
    expect(others).toEqual([]);
    // On GitHub the App's name tells the bot that the first one is its own.
    expect(CheckRuns.parse(await wanted(runs)).check_runs).toMatchObject([
      { name: "Nexus shadow run", app: null },
      { name: "Nexus shadow run", app: null },
    ]);
  });
});
