import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROUTES } from "./api.ts";
import { appToken, client } from "./client.ts";
import { type GitHubWorld, startGitHub } from "./github.ts";
import { OPERATIONS } from "./operations.ts";
import { catchWebhooks } from "./webhook-catcher.ts";

let world: GitHubWorld;
let hook: Awaited<ReturnType<typeof catchWebhooks>>;
let call: ReturnType<typeof client>;
let asApp: ReturnType<typeof client>;
let sha: string;
let pullHead: string;
const repo = { owner: "ada", name: "sums" };
const ids = { installation: 0, comment: 0, check: 0, delivery: 0 };

beforeAll(async () => {
  world = await startGitHub();
  hook = await catchWebhooks();
  world.setWebhook(hook.url);
  const made = await world.createRepository({
    ...repo,
    organization: true,
    files: {
      "README.md": "# Sums\n",
      "src/sum.js": "export const sum = 1;\n",
      "a/umläut ü.txt": "ü\n",
      "data.bin": new Uint8Array([0, 255, 1]),
    },
  });
  sha = made.sha;
  ids.installation = made.installationId;
  world.openIssue(repo, { title: "One", body: "first", by: "bob" });
  pullHead = await world.commit(repo, {
    branch: "feature/x",
    files: { "src/sum.js": "export const sum = 2;\n", "README.md": null, "new.txt": "new\n" },
    message: "feat: two\n\nwith a body",
    by: "bob",
  });
  await world.openPullRequest(repo, { title: "Two", body: "x", head: "feature/x", by: "bob" });
  ids.comment = (await world.comment(repo, 1, { by: "bob", body: "/nexus go" })).commentId;
  world.seedLog(repo, { kind: "jobs", id: 7, content: "line one\n" });
  asApp = client(world, appToken(world));
  const token = await asApp(`POST /app/installations/${ids.installation}/access_tokens`, {});
  call = client(world, (token.body as { token: string }).token);
  const check = await call("POST /repos/ada/sums/check-runs", {
    name: "unit",
    head_sha: pullHead,
    status: "in_progress",
    output: {
      title: "t",
      summary: "s",
      annotations: [
        { path: "a", start_line: 1, end_line: 1, annotation_level: "notice", message: "m" },
      ],
    },
  });
  ids.check = (check.body as { id: number }).id;
  await world.idle();
  const deliveries = await asApp("GET /app/hook/deliveries");
  ids.delivery = (deliveries.body as { id: number }[])[0]?.id ?? 0;
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await hook[Symbol.asyncDispose]();
});

function filled(operation: string): string {
  const values: Record<string, string | number> = {
    owner: "ada",
    repo: "sums",
    username: "bob",
    branch: "feature/x",
    ref: operation.includes("/git/") ? "heads/feature/x" : "feature/x",
    basehead: "main...feature/x",
    path: "src/sum.js",
    commit_sha: sha,
    sha,
    tree_sha: sha,
    file_sha: "",
    issue_number: 1,
    pull_number: 2,
    comment_id: ids.comment,
    check_run_id: ids.check,
    installation_id: ids.installation,
    delivery_id: ids.delivery,
    job_id: 7,
    run_id: 7,
    name: "bug",
  };
  return operation.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name]));
}

it("has a handler for each operation, and no other handlers", () => {
  expect(Object.keys(ROUTES).sort()).toEqual([...OPERATIONS].sort());
});

const WITHOUT_FIXTURE = ["{file_sha}", "labels/{name}", "/actions/runs/"];
const READS = OPERATIONS.filter(
  (operation) =>
    operation.startsWith("GET") && !WITHOUT_FIXTURE.some((part) => operation.includes(part)),
);

/** GitHub's description wants every account there to be a person and an enterprise at once. */
const UNFULFILLABLE = "GET /app/installations: answer/0/account";
const warnings = () => world.warnings.filter((one) => !one.startsWith(UNFULFILLABLE));

describe("every read answers as GitHub describes it", () => {
  it.each(READS)("%s", async (operation) => {
    const app = operation.startsWith("GET /app") || operation.endsWith("/installation");

    const answer = await (app ? asApp : call)(filled(operation));

    expect(answer.status).toBe(operation.endsWith("/logs") ? 302 : 200);
    expect(world.violations).toEqual([]);
    expect(warnings()).toEqual([]);
  });
});

describe("files", () => {
  it("come as base64, raw, folders and names that need escapes", async () => {
    const file = await call("GET /repos/ada/sums/contents/src/sum.js?ref=feature/x");
    const encoded = await call("GET /repos/ada/sums/contents/src%2Fsum.js");
    const raw = await call("GET /repos/ada/sums/contents/README.md", undefined, {
      accept: "application/vnd.github.raw+json",
    });
    const folder = await call("GET /repos/ada/sums/contents/a");
    const odd = await call(`GET /repos/ada/sums/contents/${encodeURIComponent("a/umläut ü.txt")}`);
    const root = await call("GET /repos/ada/sums/contents/");

    const content = (file.body as { content: string }).content;
    expect(Buffer.from(content, "base64").toString()).toBe("export const sum = 2;\n");
    expect(encoded.status).toBe(200);
    expect(raw.body).toBe("# Sums\n");
    expect(folder.body).toMatchObject([{ type: "file", path: "a/umläut ü.txt" }]);
    expect(odd.body).toMatchObject({ name: "umläut ü.txt" });
    expect((root.body as unknown[]).length).toBe(4);
  });

  it("are compared between branches, with what was added and taken away", async () => {
    const { body } = await call("GET /repos/ada/sums/compare/main...feature/x");

    expect(body).toMatchObject({ status: "ahead", ahead_by: 1, behind_by: 0 });
    const { files } = body as { files: { filename: string; status: string }[] };
    expect(files.map(({ filename, status }) => `${status} ${filename}`)).toEqual([
      "removed README.md",
      "added new.txt",
      "modified src/sum.js",
    ]);
  });

  it.each(["nowhere", "src/none.js"])("that are not there are 404: %s", async (path) => {
    expect((await call(`GET /repos/ada/sums/contents/${path}`)).status).toBe(404);
  });
});

describe("refs", () => {
  it("are made, moved only forward unless forced, and taken away", async () => {
    const ref = { ref: "refs/heads/made", sha };
    const refs = "/repos/ada/sums/git/refs";

    const made = await call(`POST ${refs}`, ref);
    const twice = await call(`POST ${refs}`, ref);
    const forward = await call(`PATCH ${refs}/heads/made`, { sha: pullHead });
    const back = await call(`PATCH ${refs}/heads/made`, { sha });
    const forced = await call(`PATCH ${refs}/heads/made`, { sha, force: true });
    const gone = await call(`DELETE ${refs}/heads/made`);
    const again = await call(`DELETE ${refs}/heads/made`);

    const statuses = [made, twice, forward, back, forced, gone, again].map((one) => one.status);
    expect(statuses).toEqual([201, 422, 200, 422, 200, 204, 422]);
  });

  it.each([
    ["a bad name", { ref: "refs/heads/a..b", sha: "0".repeat(40) }],
    ["no such object", { ref: "refs/heads/b", sha: "1".repeat(40) }],
    ["a short id", { ref: "refs/heads/b", sha: "123" }],
  ])("are not made with %s", async (_, body) => {
    expect((await call("POST /repos/ada/sums/git/refs", body)).status).toBe(422);
  });
});

describe("issues, labels and comments", () => {
  it("are written and read back", async () => {
    const made = await call("POST /repos/ada/sums/issues", { title: "New", labels: ["bug"] });
    const { number } = made.body as { number: number };
    const at = `/repos/ada/sums/issues/${number}`;
    const comment = await call(`POST ${at}/comments`, { body: "one" });
    const { id } = comment.body as { id: number };
    const edited = await call(`PATCH /repos/ada/sums/issues/comments/${id}`, { body: "two" });
    const label = await call(`POST ${at}/labels`, { labels: ["later"] });
    const fewer = await call(`DELETE ${at}/labels/bug`);
    const known = await call("GET /repos/ada/sums/labels/bug");
    const closed = await call(`PATCH ${at}`, { state: "closed", state_reason: "not_planned" });
    const removed = await call(`DELETE /repos/ada/sums/issues/comments/${id}`);
    const gone = await call(`GET /repos/ada/sums/issues/comments/${id}`);

    expect(made.status).toBe(201);
    expect(edited.body).toMatchObject({ body: "two", user: { login: "nexus[bot]", type: "Bot" } });
    expect((label.body as unknown[]).length).toBe(2);
    expect(fewer.body).toMatchObject([{ name: "later" }]);
    expect(known.status).toBe(200);
    expect(closed.body).toMatchObject({ state: "closed", state_reason: "not_planned" });
    expect([removed.status, gone.status]).toEqual([204, 404]);
  });

  it("come in pages that lead to each other", async () => {
    const issue = world.openIssue(repo, { title: "Long", body: "", by: "bob" });
    for (const body of ["a", "b", "c"]) await world.comment(repo, issue, { by: "bob", body });
    const at = `GET /repos/ada/sums/issues/${issue}/comments`;

    const first = await call(`${at}?per_page=2`);
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get("link") ?? "")?.[1] ?? "";
    const second = await call(`GET ${next.slice(world.apiUrl.length)}`);

    expect(first.body).toMatchObject([{ body: "a" }, { body: "b" }]);
    expect(second.body).toMatchObject([{ body: "c" }]);
    expect(second.headers.get("link")).not.toContain('rel="next"');
  });

  it.each([
    ["", 422],
    ["x".repeat(65_537), 422],
    ["x".repeat(65_536), 201],
  ])("take a body like %.3s… by %d", async (body, status) => {
    expect((await call("POST /repos/ada/sums/issues/1/comments", { body })).status).toBe(status);
  });
});

describe("pull requests", () => {
  it("are listed by head with its owner, and by state", async () => {
    const byHead = await call("GET /repos/ada/sums/pulls?head=ada:feature/x");
    const other = await call("GET /repos/ada/sums/pulls?head=ada:other");
    const closed = await call("GET /repos/ada/sums/pulls?state=closed");

    expect(byHead.body).toMatchObject([{ number: 2, head: { sha: pullHead } }]);
    expect([other.body, closed.body]).toEqual([[], []]);
  });

  it.each([
    ["a branch that is not there", { head: "none", base: "main" }, "invalid"],
    ["a branch with nothing new", { head: "main", base: "main" }, "No commits"],
    ["a second time", { head: "feature/x", base: "main" }, "already exists"],
  ])("are not opened for %s", async (_, ends, words) => {
    const answer = await call("POST /repos/ada/sums/pulls", { title: "x", ...ends });

    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body)).toContain(words);
  });

  it("follow their branch, show conflicts, and are merged by a merge", async () => {
    const main = (text: string) => ({ branch: "main", files: { "c.txt": text }, message: "c" });
    await world.commit(repo, main("base\n"));
    await world.commit(repo, { ...main("theirs\n"), branch: "c" });
    const number = await world.openPullRequest(repo, {
      title: "C",
      body: "",
      head: "c",
      by: "bob",
    });
    await world.commit(repo, main("ours\n"));
    const conflicted = await call(`GET /repos/ada/sums/pulls/${number}`);
    await world.commit(repo, main("base\n"));
    await world.commit(repo, { ...main("theirs again\n"), branch: "c" });

    await world.mergePullRequest(repo, number, "bob");
    const merged = await call(`GET /repos/ada/sums/pulls/${number}`);
    const diff = await call(`GET /repos/ada/sums/pulls/${number}`, undefined, {
      accept: "application/vnd.github.diff",
    });

    expect(conflicted.body).toMatchObject({ mergeable: false, mergeable_state: "dirty" });
    expect(merged.body).toMatchObject({
      merged: true,
      state: "closed",
      merged_by: { login: "bob" },
    });
    expect(diff.body).toContain("+theirs again");
  });

  it("are edited and closed", async () => {
    const at = "/repos/ada/sums/pulls/2";

    const edited = await call(`PATCH ${at}`, { title: "Better", body: "y" });
    const closed = await call(`PATCH ${at}`, { state: "closed" });
    const opened = await call(`PATCH ${at}`, { state: "open" });

    expect(edited.body).toMatchObject({ title: "Better", body: "y" });
    expect(closed.body).toMatchObject({ state: "closed" });
    expect(opened.body).toMatchObject({ state: "open" });
  });
});

describe("checks and statuses", () => {
  it("complete with a conclusion and are listed newest first", async () => {
    const run = `/repos/ada/sums/check-runs/${ids.check}`;
    const done = await call(`PATCH ${run}`, { conclusion: "failure" });
    await call("POST /repos/ada/sums/check-runs", { name: "unit", head_sha: pullHead });
    const latest = await call(`GET /repos/ada/sums/commits/${pullHead}/check-runs`);
    const all = await call(`GET /repos/ada/sums/commits/${pullHead}/check-runs?filter=all`);

    expect(done.body).toMatchObject({ status: "completed", conclusion: "failure" });
    expect(latest.body).toMatchObject({ total_count: 1, check_runs: [{ status: "queued" }] });
    expect(all.body).toMatchObject({ total_count: 2 });
  });

  it("are combined over their contexts", async () => {
    const status = (state: string, context: string) =>
      call(`POST /repos/ada/sums/statuses/${pullHead}`, { state, context });
    await status("failure", "ci");
    await status("success", "ci");
    await status("success", "lint");
    const good = await call(`GET /repos/ada/sums/commits/${pullHead}/status`);
    await status("error", "lint");
    const bad = await call(`GET /repos/ada/sums/commits/${pullHead}/status`);

    expect(good.body).toMatchObject({ state: "success", total_count: 2 });
    expect(bad.body).toMatchObject({ state: "failure" });
  });

  it("have logs behind a redirect", async () => {
    const answer = await call("GET /repos/ada/sums/actions/jobs/7/logs");
    const log = await fetch(answer.headers.get("location") ?? "");

    expect(await log.text()).toBe("line one\n");
    expect((await call("GET /repos/ada/sums/actions/runs/9/logs")).status).toBe(404);
  });
});

it("sent webhooks of every kind and nothing that GitHub's own examples or description deny", async () => {
  await world.idle();

  const kinds = [...new Set(hook.names())];
  expect(kinds).toEqual([
    "check_run.completed",
    "check_run.created",
    "installation.created",
    "issue_comment.created",
    "issue_comment.deleted",
    "issue_comment.edited",
    "issues.closed",
    "issues.opened",
    "pull_request.closed",
    "pull_request.edited",
    "pull_request.opened",
    "pull_request.reopened",
    "pull_request.synchronize",
    "push",
  ]);
  expect(world.violations).toEqual([]);
  expect(warnings()).toEqual([]);
});
