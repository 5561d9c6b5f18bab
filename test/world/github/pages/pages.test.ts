import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { client } from "../client.ts";
import { type GitHubWorld, startGitHub } from "../github.ts";

const repo = { owner: "ada", name: "sums" };
const HOSTILE = "<script>alert(1)</script>";
let world: GitHubWorld;
let head: string;
let check: number;

async function page(path: string): Promise<{ status: number; body: string; headers: Headers }> {
  const response = await fetch(`${world.url}${path}`);
  return { status: response.status, body: await response.text(), headers: response.headers };
}

beforeAll(async () => {
  world = await startGitHub();
  await world.createRepository({
    ...repo,
    files: { "README.md": `# Sums\n${HOSTILE}\n`, "src/a b.js": `// ${HOSTILE}\n` },
  });
  const issue = world.openIssue(repo, { title: HOSTILE, body: `**bold** ${HOSTILE}`, by: "ada" });
  await world.comment(repo, issue, { by: "bob", body: `- [x] done <!-- marker -->${HOSTILE}` });
  head = await world.commit(repo, {
    branch: "nexus/1",
    files: { "src/a b.js": `// better ${HOSTILE}\n` },
    message: `fix: better ${HOSTILE}\n\nmore ${HOSTILE}`,
  });
  const call = client(world, world.token(repo, { checks: "write", pull_requests: "write" }));
  await call("POST /repos/ada/sums/pulls", { title: "Fix", head: "nexus/1", base: "main" });
  const made = await call("POST /repos/ada/sums/check-runs", {
    name: HOSTILE,
    head_sha: head,
    conclusion: "failure",
    output: { title: "1 failed", summary: `\`\`\`text\n${HOSTILE}\n\`\`\`` },
  });
  check = (made.body as { id: number }).id;
});
afterAll(() => world[Symbol.asyncDispose]());

describe("every page", () => {
  it.each([
    ["/", "ada/sums"],
    ["/ada/sums", "README.md"],
    ["/ada/sums/issues", "Open"],
    ["/ada/sums/pulls", "Fix"],
    ["/ada/sums/issues/1", "<strong>bold</strong>"],
    ["/ada/sums/pull/2", "wants to merge"],
    ["/ada/sums/commit/nexus%2F1", "fix: better"],
    ["/ada/sums/runs/CHECK", "1 failed"],
    ["/ada/sums/tree/nexus/1/src", "a b.js"],
    ["/ada/sums/blob/nexus/1/src/a%20b.js", "better"],
  ])("%s shows what it is for, escaped, and loads nothing from elsewhere", async (path, words) => {
    const { status, body, headers } = await page(path.replace("CHECK", String(check)));

    expect(status).toBe(200);
    expect(body).toContain(words);
    expect(body).not.toContain("<script");
    expect(body).not.toContain("marker");
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    const loaded = [...body.matchAll(/(?:src|<link[^>]+href)="([^"]*)"/g)].map(([, to]) => to);
    expect(loaded.every((to) => to?.startsWith("/") && !to.startsWith("//"))).toBe(true);
  });

  it.each([
    "/nobody",
    "/ada/none",
    "/ada/sums/issues/9",
    "/ada/sums/blob/main/none",
    "/ada/sums/blob/none/a",
    "/ada/sums/commit/none",
    "/ada/sums/runs/9",
    "/ada/sums/wiki",
    "/%E0%A4%A",
    "/ada/sums/raw/main/../../../etc/passwd",
  ])("%s is not found", async (path) => {
    expect((await page(path)).status).toBe(404);
  });
});

it("a pull request's page shows its commits, its checks and a coloured diff", async () => {
  const { body } = await page("/ada/sums/pull/2");

  expect(body).toContain(`/ada/sums/commit/${head}`);
  expect(body).toMatch(/<details open><summary><span class="icon bad" title="failure">/);
  expect(body).toMatch(/<tr class="minus"><td class="at">1<\/td>/);
  expect(body).toMatch(/<tr class="plus"><td class="at"><\/td>\s*<td class="at">1<\/td>/);
});

it("files and diffs come raw as text that no browser runs", async () => {
  const raw = await page("/ada/sums/raw/nexus/1/src/a%20b.js");
  const diff = await page("/ada/sums/pull/2.diff");

  expect(raw.body).toBe(`// better ${HOSTILE}\n`);
  expect(raw.headers.get("content-type")).toContain("text/plain");
  expect(diff.body).toContain(`+// better ${HOSTILE}`);
  expect(diff.headers.get("content-type")).toContain("text/plain");
});
