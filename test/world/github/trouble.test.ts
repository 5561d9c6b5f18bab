import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { appToken, client } from "./client.ts";
import { startGitHub } from "./github.ts";
import { catchWebhooks } from "./webhook-catcher.ts";

const run = promisify(execFile);
const repo = { owner: "ada", name: "sums" };

async function start() {
  const world = await startGitHub();
  await world.createRepository({ ...repo, files: { a: "a\n" } });
  const issue = world.openIssue(repo, { title: "One", body: "", by: "ada" });
  const call = client(world, world.token(repo, { issues: "write" }));
  return { world, issue, call, comments: `/repos/ada/sums/issues/${issue}/comments` };
}

it("a fault answers a status without doing what was asked, as often as it was told", async () => {
  const { world, issue, call, comments } = await start();
  await using _ = world;
  const match = { method: "POST", path: /\/comments$/ };
  const headers = { "retry-after": "1" };
  world.fault({ match, kind: "status", status: 503, headers, times: 2 });

  const answers = [];
  for (const body of ["a", "b", "c"]) answers.push(await call(`POST ${comments}`, { body }));

  expect(answers.map((one) => one.status)).toEqual([503, 503, 201]);
  expect(answers[0]?.headers.get("retry-after")).toBe("1");
  expect(await world.comments(repo, issue)).toMatchObject([{ body: "c" }]);
  expect(world.requests.map((one) => one.status)).toEqual([503, 503, 201]);
});

it("a fault can do what was asked and then lose the answer", async () => {
  const { world, issue, call, comments } = await start();
  await using _ = world;
  world.fault({ match: { path: /\/comments$/ }, kind: "after" });

  await expect(call(`POST ${comments}`, { body: "a" })).rejects.toThrow();

  expect(await world.comments(repo, issue)).toMatchObject([{ body: "a" }]);
  expect(world.requests).toMatchObject([{ method: "POST", path: comments, status: 0 }]);
});

it("a fault can make an answer late, and can be taken away", async () => {
  const { world, call, comments } = await start();
  await using _ = world;
  const match = { path: /\/comments$/ };
  world.fault({ match, kind: "delay", ms: 300 });
  const remove = world.fault({ match, kind: "status", status: 500 });
  remove();

  const began = performance.now();
  const answer = await call(`GET ${comments}`);

  expect(answer.status).toBe(200);
  expect(performance.now() - began).toBeGreaterThan(290);
});

it("a webhook nobody took is in the log and can be asked for again under the same id", async () => {
  const { world, issue } = await start();
  await using _ = world;
  await using hook = await catchWebhooks();
  const asApp = client(world, appToken(world));
  const lost = await world.comment(repo, issue, { by: "ada", body: "a", deliver: false });
  world.setWebhook(hook.url);

  const failed = await asApp("GET /app/hook/deliveries?status=failure");
  const [first] = failed.body as { id: number; guid: string; status_code: number }[];
  const again = await asApp(`POST /app/hook/deliveries/${first?.id}/attempts`);
  await world.idle();
  const all = await asApp("GET /app/hook/deliveries");

  expect(first).toMatchObject({ guid: lost.deliveryId, status_code: 502 });
  expect(again.status).toBe(202);
  expect(hook.caught).toMatchObject([{ headers: { "x-github-delivery": lost.deliveryId } }]);
  expect(all.body).toMatchObject([
    { guid: lost.deliveryId, redelivery: true, status: "OK", status_code: 200 },
    { guid: lost.deliveryId, redelivery: false },
  ]);
  expect(world.violations).toEqual([]);
});

it("the log of deliveries is read in pages by a cursor", async () => {
  const { world, issue } = await start();
  await using _ = world;
  const asApp = client(world, appToken(world));
  for (const body of ["a", "b", "c"]) {
    await world.comment(repo, issue, { by: "ada", body, deliver: false });
  }

  const first = await asApp("GET /app/hook/deliveries?per_page=2");
  const next = /<([^>]+)>; rel="next"/.exec(first.headers.get("link") ?? "")?.[1] ?? "";
  const second = await asApp(`GET ${next.slice(world.apiUrl.length)}`);

  expect(first.body).toHaveLength(2);
  expect(second.body).toHaveLength(1);
  expect(second.headers.get("link")).toBeNull();
});

it("a webhook's answer is what commenting and editing report", async () => {
  const { world, issue } = await start();
  await using _ = world;
  let status = 400;
  await using hook = await catchWebhooks(() => status);
  world.setWebhook(hook.url);

  const refused = await world.comment(repo, issue, { by: "ada", body: "a" });
  status = 202;
  const edited = await world.editComment(repo, refused.commentId, { by: "ada", body: "b" });
  const again = await world.redeliver(refused.deliveryId);

  expect([refused.status, edited.status, again]).toEqual([400, 202, 202]);
  expect(hook.names()).toEqual([
    "issue_comment.created",
    "issue_comment.created",
    "issue_comment.edited",
  ]);
  expect(world.deliveries.map((one) => one.status)).toEqual([
    "Invalid HTTP Response: 400",
    "OK",
    "OK",
  ]);
});

it("a push can arrive although its answer is lost", async () => {
  const { world } = await start();
  await using _ = world;
  const token = world.token(repo, { contents: "write" });
  const remote = world.url.replace("//", `//x-access-token:${token}@`);
  const folder = world.gitFolder(repo);
  const fault = { match: { method: "POST", path: /git-receive-pack$/ }, kind: "after" } as const;
  world.fault(fault);

  const push = run("git", ["-C", folder, "push", `${remote}/ada/sums.git`, "main:refs/heads/new"]);

  await expect(push).rejects.toThrow();
  expect([...(await world.branches(repo)).keys()]).toEqual(["main", "new"]);
});
