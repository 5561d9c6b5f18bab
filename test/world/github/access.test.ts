import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { appToken, client } from "./client.ts";
import { type GitHubWorld, startGitHub } from "./github.ts";

const run = promisify(execFile);
let world: GitHubWorld;
let installationId: number;
const files = { "README.md": "# Hello\n" };

beforeAll(async () => {
  world = await startGitHub();
  const made = await world.createRepository({ owner: "ada", name: "open", files });
  installationId = made.installationId;
  await world.createRepository({ owner: "ada", name: "secret", files, private: true });
  await world.createRepository({
    owner: "eve",
    name: "hidden",
    files,
    private: true,
    installed: false,
  });
  await world.createRepository({ owner: "eve", name: "public", files, installed: false });
  world.openIssue({ owner: "ada", name: "secret" }, { title: "One", body: "", by: "ada" });
});
afterAll(() => world[Symbol.asyncDispose]());

const secret = { owner: "ada", name: "secret" };

async function narrowToken(body: unknown): Promise<string> {
  const call = client(world, appToken(world));
  const made = await call(`POST /app/installations/${installationId}/access_tokens`, body);
  return (made.body as { token: string }).token;
}

describe("the App's own token", () => {
  it.each([
    ["another App's number", { iss: 1 }, "Issuer"],
    ["an expiry in the past", { exp: 1 }, "Expiration time"],
    ["an expiry in an hour", { exp: Math.floor(Date.now() / 1000) + 3600 }, "too far"],
    ["a birth in the future", { iat: Math.floor(Date.now() / 1000) + 600 }, "Issued at"],
  ])("is refused with %s", async (_, claims, word) => {
    const answer = await client(world, appToken(world, claims))("GET /app");

    expect(answer).toMatchObject({ status: 401, body: { message: expect.stringContaining(word) } });
  });

  it("is refused with a signature of somebody else", async () => {
    const token = `${appToken(world).slice(0, -8)}AAAAAAAA`;

    const answer = await client(world, token)("GET /app");

    expect(answer.status).toBe(401);
  });

  it("opens the App and finds the installation of a repository", async () => {
    const call = client(world, appToken(world));

    const app = await call("GET /app");
    const found = await call("GET /repos/ada/secret/installation");
    const none = await call("GET /repos/eve/public/installation");

    expect(app.body).toMatchObject({ id: world.app.id, slug: "nexus" });
    expect(found.body).toMatchObject({ id: installationId, account: { login: "ada" } });
    expect(none.status).toBe(404);
  });
});

describe("an installation token", () => {
  it("is narrowed to a repository and permissions and lives for an hour", async () => {
    const call = client(world, appToken(world));

    const made = await call(`POST /app/installations/${installationId}/access_tokens`, {
      repositories: ["secret"],
      permissions: { issues: "read" },
    });

    const body = made.body as { expires_at: string };
    expect(made.status).toBe(201);
    expect(body).toMatchObject({
      permissions: { issues: "read", metadata: "read" },
      repositories: [{ name: "secret" }],
    });
    expect(Date.parse(body.expires_at) - Date.now()).toBeGreaterThan(3_500_000);
  });

  it.each([
    ["a repository outside the installation", { repositories: ["hidden"] }],
    ["a permission the App does not have", { permissions: { administration: "write" } }],
  ])("is not given for %s", async (_, body) => {
    const call = client(world, appToken(world));

    const made = await call(`POST /app/installations/${installationId}/access_tokens`, body);

    expect(made.status).toBe(422);
  });

  it.each([
    ["GET /repos/ada/secret/issues/1", { issues: "read" }, 200],
    ["GET /repos/ada/secret/issues/1", { contents: "read" }, 403],
    ["GET /repos/ada/secret/issues/1", { pull_requests: "read" }, 403],
    ["POST /repos/ada/secret/issues/1/comments", { issues: "read" }, 403],
    ["POST /repos/ada/secret/issues/1/comments", { issues: "write" }, 201],
    ["GET /repos/ada/open", { issues: "read" }, 200],
    ["GET /repos/eve/hidden", { issues: "read" }, 404],
    ["GET /repos/eve/public", { issues: "read" }, 200],
    ["POST /repos/eve/public/issues", { issues: "write" }, 403],
    ["GET /repos/ada/secret/pulls", { issues: "write" }, 403],
    ["GET /repos/ada/nothing", { issues: "write" }, 404],
  ])("for one repository meets %s with %o by %d", async (operation, permissions, status) => {
    const call = client(world, await narrowToken({ repositories: ["secret"], permissions }));

    const body = operation.endsWith("comments") ? { body: "hi" } : { title: "hi" };
    const answer = await call(operation, operation.startsWith("POST") ? body : undefined);

    expect(answer.status).toBe(status);
  });

  it.each(["nonsense", "ghs_unknown"])("is refused when it is %s", async (token) => {
    expect((await client(world, token)("GET /repos/ada/open")).status).toBe(401);
  });

  it("does not open what the App's own token opens", async () => {
    const call = client(world, await narrowToken({}));

    expect((await call("GET /app")).status).toBe(401);
  });
});

describe("git", () => {
  const remote = (name: string, token?: string) => {
    const url = new URL(`${world.url}/ada/${name}.git`);
    if (token !== undefined) {
      url.username = "x-access-token";
      url.password = token;
    }
    return url.href;
  };
  const git = (...args: string[]) =>
    run("git", ["-c", "user.name=n", "-c", "user.email=n@example.com", ...args], {
      env: { ...process.env, GIT_TERMINAL_PROMPT: "0" },
    });

  async function pushed(token: string, path: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "push-"));
    try {
      await git("clone", "--quiet", remote("secret", token), folder);
      await run("mkdir", ["-p", join(folder, path, "..")]);
      await writeFile(join(folder, path), "x\n");
      await git("-C", folder, "add", ".");
      await git("-C", folder, "commit", "--quiet", "-m", "x");
      await git("-C", folder, "push", "--quiet", "origin", `HEAD:refs/heads/${Date.now()}`);
      return "pushed";
    } catch (error) {
      return String((error as { stderr?: string }).stderr ?? error);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  it("asks nobody for a token to read what is public", async () => {
    const { stdout } = await git("ls-remote", remote("open"));

    expect(stdout).toContain("refs/heads/main");
  });

  it.each([
    ["no token", undefined, /could not read Username/],
    ["an unknown token", "ghs_unknown", /Authentication failed/],
  ])("does not show what is private with %s", async (_, token, words) => {
    await expect(git("ls-remote", remote("secret", token))).rejects.toThrow(words);
  });

  it("does not show a private repository to a token for another one", async () => {
    const token = await narrowToken({ repositories: ["open"] });

    await expect(git("ls-remote", remote("secret", token))).rejects.toThrow(/not found/);
  });

  it.each([
    ["write", "a.txt", /^pushed$/],
    ["read", "a.txt", /403/],
    ["write", ".github/workflows/ci.yml", /without `workflows` permission/],
  ])("with contents: %s meets a push of %s by %s", async (level, path, words) => {
    const token = await narrowToken({
      repositories: ["secret"],
      permissions: { contents: level },
    });

    expect(await pushed(token, path)).toMatch(words);
  });

  it("serves one commit without its history and without its blobs", async () => {
    await world.commit(secret, { branch: "main", files: { "b.txt": "b\n" }, message: "more" });
    const folder = await mkdtemp(join(tmpdir(), "partial-"));
    const token = await narrowToken({ permissions: { contents: "read" } });

    const flags = ["--quiet", "--bare", "--depth=1", "--filter=blob:none"];
    await git("clone", ...flags, remote("secret", token), folder);
    const { stdout } = await git("-C", folder, "rev-list", "--count", "HEAD");
    await rm(folder, { recursive: true });

    expect(stdout.trim()).toBe("1");
  });
});

it("never met a request or an answer that GitHub's description does not allow", () => {
  expect(world.violations).toEqual([]);
  expect(world.warnings).toEqual([]);
});
