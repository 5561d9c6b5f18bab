import { randomUUID } from "node:crypto";
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
          "three-writes": answersRepository(NAMES),
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
  async function ask(repo: string, by = "maria") {
    const issues = `/repos/acme/${repo}/issues`;
    const opened = github.as("maria")("POST", issues, { title: "Say yes", body: "Please." });
    const { number } = Numbered.parse(await wanted(opened));
    const body = "/nexus say yes";
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
        output: { title: "1 of 1 check passed" },
        app: null,
      },
    ]);
  });

  it("is given tokens for one repository each, and writes only with what the write needs", async () => {
    const { installation_tokens: tokens } = Minted.parse(
      await wanted(github.as("maria")("GET", "/_emulate/installation-tokens")),
    );

    const kinds = new Set(tokens.map(({ permissions }) => JSON.stringify(permissions)));
    expect(tokens.every((token) => token.repository_selection === "selected")).toBe(true);
    expect(tokens.every((token) => token.repository_ids.length === 1)).toBe(true);
    expect([...kinds].map((text) => JSON.parse(text))).toEqual(
      expect.arrayContaining([
        {
          metadata: "read",
          contents: "read",
          issues: "read",
          pull_requests: "read",
          checks: "read",
        },
        { metadata: "read", contents: "write" },
        { metadata: "read", checks: "write" },
      ]),
    );
    expect(kinds.size).toBe(5);
  });
});
