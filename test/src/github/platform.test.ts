import { describe, expect, it } from "vitest";
import { createPlatform } from "../../../src/github/platform.ts";
import type { Role } from "../../world/github/state.ts";
import { publisherWorld, repo } from "./publisher-world.ts";

async function start() {
  const all = await publisherWorld();
  const { token } = await all.tokens.read({ repo, installationId: all.installationId });
  return { ...all, platform: createPlatform({ apiUrl: all.world.apiUrl, token, repo }) };
}

describe("the platform", () => {
  it.each<[Role, string]>([
    ["admin", "admin"],
    ["maintain", "write"],
    ["write", "write"],
    ["triage", "read"],
    ["read", "read"],
    ["none", "none"],
  ])("knows the role %s as the permission %s", async (role, permission) => {
    const { world, platform } = await start();
    world.addCollaborator(repo, "grace", role);

    expect(await platform.permission("grace")).toBe(permission);
  });

  it("gives no permission to who does not exist or cannot", async () => {
    const { platform, asked } = await start();

    for (const user of [
      "nobody-there",
      "",
      "../../../app",
      "a/b",
      "ada?x=1",
      "ada\n",
      "ä",
      "-ada",
    ]) {
      expect(await platform.permission(user), user).toBe("none");
    }
    expect(asked("GET", /collaborators/)).toHaveLength(1);
  });

  it("reads an issue as it is now, with hostile text untouched", async () => {
    const { world, platform } = await start();
    const number = world.openIssue(repo, { title: "<b>", body: "a\u202Eb", by: "grace" });
    const open = await platform.issue(number);
    world.closeIssue(repo, number, "ada");

    expect(open).toEqual({ title: "<b>", body: "a\u202Eb", author: "grace", state: "open" });
    expect(await platform.issue(number)).toMatchObject({ state: "closed" });
    expect(world.violations).toEqual([]);
  });

  it("knows the default branch and whether the repository is private", async () => {
    const { world, tokens } = await start();
    const hidden = { owner: "ada", name: "hidden" };
    const made = await world.createRepository({
      ...hidden,
      defaultBranch: "trunk",
      private: true,
      files: { a: "" },
    });
    const { token } = await tokens.read({ repo: hidden, installationId: made.installationId });

    const platform = createPlatform({ apiUrl: world.apiUrl, token, repo: hidden });

    expect(await platform.repository()).toEqual({ defaultBranch: "trunk", private: true });
  });

  it("throws when GitHub has no such issue, and differently when GitHub is away", async () => {
    const { world, platform } = await start();

    await expect(platform.issue(999)).rejects.toMatchObject({
      code: "github.refused",
      retryable: false,
    });
    world.fault({ match: { path: /permission$/ }, kind: "status", status: 500 });
    await expect(platform.permission("ada")).rejects.toMatchObject({
      code: "github.unreachable",
      retryable: true,
    });
    world.fault({ match: { path: /./ }, kind: "after" });
    await expect(platform.repository()).rejects.toMatchObject({
      code: "github.unreachable",
      retryable: true,
    });
  });

  it("knows where a pull request comes from, where it is to go, and whether it merges", async () => {
    const { world, platform } = await start();
    const onBranch = async (branch: string, text: string) =>
      world.commit(repo, { branch, files: { "README.md": text }, message: text, by: "ada" });
    await onBranch("nexus/1-a", "mine\n");
    await onBranch("other", "other\n");
    const open = (head: string) =>
      world.openPullRequest(repo, { head, title: "<b>", body: "", by: "ada" });
    const [number, another] = [await open("nexus/1-a"), await open("other")];
    const clean = await platform.pullRequest(number);
    await onBranch("main", "theirs\n");

    expect(clean).toEqual({
      branch: "nexus/1-a",
      sameRepository: true,
      base: "main",
      title: "<b>",
      url: expect.stringMatching(new RegExp(`/pull/${number}$`)),
      state: "open",
      merges: "clean",
    });
    expect(await platform.pullRequest(number)).toMatchObject({ merges: "conflict" });
    const asked = { base: "main", headPrefix: "nexus/" };
    expect(await platform.openPullRequests(asked)).toEqual([number]);
    expect(await platform.openPullRequests({ ...asked, headPrefix: "" })).toEqual([
      another,
      number,
    ]);
    expect(await platform.openPullRequests({ ...asked, base: "other" })).toEqual([]);
    expect(await platform.isProtected("nexus/1-a")).toBe(false);
    expect(world.violations).toEqual([]);
  });
});
