import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { createAppAuth } from "@octokit/auth-app";
import { request } from "@octokit/request";
import { Octokit } from "@octokit/rest";
import { verify } from "@octokit/webhooks-methods";
import { expect, it } from "vitest";
import { type GitHubWorld, startGitHub } from "./github.ts";
import { catchWebhooks } from "./webhook-catcher.ts";

const run = promisify(execFile);

const FILES = {
  "README.md": "# Sums\n",
  "src/sum.js": "export const sum = (a, b) => a - b;\n",
  "run.sh": { content: "#!/bin/sh\n", executable: true },
};

function octokitOf(world: GitHubWorld, installationId: number): Octokit {
  const auth = { appId: world.app.id, privateKey: world.app.privateKey, installationId };
  return new Octokit({ baseUrl: world.apiUrl, authStrategy: createAppAuth, auth });
}

async function gitToken(world: GitHubWorld, installationId: number): Promise<string> {
  const { appId, privateKey } = { appId: world.app.id, privateKey: world.app.privateKey };
  const baseUrl = world.apiUrl;
  const auth = createAppAuth({ appId, privateKey, request: request.defaults({ baseUrl }) });
  const { token } = await auth({
    type: "installation",
    installationId,
    repositoryNames: ["sums"],
    permissions: { contents: "write" },
  });
  return token;
}

it("carries a request from a signed webhook over clone and push to a checked pull request", async () => {
  await using world = await startGitHub();
  await using hook = await catchWebhooks();
  world.setWebhook(hook.url);
  const { repo, installationId, sha } = await world.createRepository({
    owner: "ada",
    name: "sums",
    files: FILES,
    private: true,
  });
  world.addCollaborator(repo, "bob", "write");
  const issue = world.openIssue(repo, { title: "Sums are wrong", body: "1 + 1 is 0", by: "ada" });
  const octokit = octokitOf(world, installationId);
  const at = { owner: "ada", repo: "sums" };
  const folder = await mkdtemp(join(tmpdir(), "clone-"));

  const { commentId, deliveryId, status } = await world.comment(repo, issue, {
    by: "bob",
    body: "/nexus fix the sum",
  });
  const first = await octokit.reactions.createForIssueComment({
    ...at,
    comment_id: commentId,
    content: "eyes",
  });
  const second = await octokit.reactions.createForIssueComment({
    ...at,
    comment_id: commentId,
    content: "eyes",
  });
  const { data: level } = await octokit.repos.getCollaboratorPermissionLevel({
    ...at,
    username: "bob",
  });
  const remote = new URL(`${world.url}/ada/sums.git`);
  remote.username = "x-access-token";
  remote.password = await gitToken(world, installationId);
  const git = (...args: string[]) =>
    run("git", ["-c", "user.name=n", "-c", "user.email=n@example.com", "-C", folder, ...args]);
  await git("clone", "--quiet", remote.href, ".");
  await git("switch", "--quiet", "-c", "nexus/1");
  await writeFile(join(folder, "src/sum.js"), "export const sum = (a, b) => a + b;\n");
  await git("commit", "--quiet", "-am", "fix: add");
  await git("push", "--quiet", "origin", "nexus/1");
  const head = (await git("rev-parse", "HEAD")).stdout.trim();
  const { data: pull } = await octokit.pulls.create({
    ...at,
    title: "Fix the sum",
    head: "nexus/1",
    base: "main",
    body: "Adds.",
    draft: true,
  });
  const twice = await octokit.pulls
    .create({ ...at, title: "Again", head: "nexus/1", base: "main" })
    .catch((error: { status: number }) => error.status);
  await octokit.checks.create({
    ...at,
    name: "nexus",
    head_sha: head,
    status: "completed",
    conclusion: "success",
    output: { title: "1 check passed", summary: "all of it" },
  });
  await writeFile(join(folder, "README.md"), "# Sums that add up\n");
  await git("commit", "--quiet", "-am", "docs: say so");
  await git("push", "--quiet", "origin", "nexus/1");
  const { data: files } = await octokit.pulls.listFiles({ ...at, pull_number: pull.number });
  const { data: moved } = await octokit.pulls.get({ ...at, pull_number: pull.number });
  await world.idle();
  await rm(folder, { recursive: true });

  expect(status).toBe(200);
  expect([first.status, second.status]).toEqual([201, 200]);
  expect(level.permission).toBe("write");
  expect(twice).toBe(422);
  expect(pull).toMatchObject({ number: 2, draft: true, head: { sha: head }, base: { sha } });
  expect(moved).toMatchObject({ commits: 2, changed_files: 2, mergeable: true });
  expect(moved.head.sha).not.toBe(head);
  expect(files.map((file) => file.filename)).toEqual(["README.md", "src/sum.js"]);
  expect(files[1]?.patch).toBe(
    "@@ -1 +1 @@\n-export const sum = (a, b) => a - b;\n+export const sum = (a, b) => a + b;",
  );
  expect(await world.checkRuns(repo, head)).toMatchObject([{ conclusion: "success" }]);
  expect(await world.branches(repo)).toEqual(
    new Map([
      ["main", sha],
      ["nexus/1", moved.head.sha],
    ]),
  );
  const comment = hook.caught.find((one) => one.headers["x-github-event"] === "issue_comment");
  expect(comment?.headers["x-github-delivery"]).toBe(deliveryId);
  const signature = String(comment?.headers["x-hub-signature-256"]);
  expect(await verify(world.app.webhookSecret, comment?.body ?? "", signature)).toBe(true);
  expect(hook.names()).toEqual([
    "check_run.completed",
    "check_run.created",
    "installation.created",
    "issue_comment.created",
    "issues.opened",
    "pull_request.opened",
    "pull_request.synchronize",
    "push",
    "push",
  ]);
  expect(world.violations).toEqual([]);
  expect(world.warnings).toEqual([]);
});
