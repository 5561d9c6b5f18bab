import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Edit } from "../../../src/core/change-set.ts";
import { NexusError } from "../../../src/core/errors.ts";
import type { EnvironmentWish, Sandbox, Workspace } from "../../../src/core/sandbox.ts";
import { checkoutInto } from "../../../src/git/checkout.ts";
import type { Regeneration } from "../../../src/merge/rules/rule.ts";
import { ruleOf } from "../../../src/merge/rules/rule-of.ts";
import { regenerate } from "../../../src/pipeline/regenerate.ts";
import { createLocalSandbox } from "../../fakes/local-sandbox.ts";
import { noDocker, type TestSandbox, testSandbox } from "../../sandbox/test-sandbox.ts";
import { type Files, freshSignal, mirrorOf, upstreamWith } from "../git/sample-repository.ts";

/** A rule whose command does what a test wants. */
function ruleFor(script: string, changes: Partial<Regeneration> = {}): Regeneration {
  return {
    program: "sh",
    folder: "",
    command: ["sh", "-c", script],
    offline: ["sh", "-c", script],
    env: {},
    hosts: [],
    needs: ["list.txt"],
    reads: ["list.txt", "made.lock"],
    touches: ["made.lock"],
    isOwnScript: false,
    start: ({ ours }) => ours,
    refusal: () => undefined,
    ...changes,
  };
}

interface Setting {
  readonly files?: Files;
  readonly sandbox?: Pick<Sandbox, "open">;
  readonly environment?: EnvironmentWish;
  readonly conflicted?: readonly string[];
  readonly path?: string;
}

async function regenerating(by: Regeneration, setting: Setting = {}) {
  const { files = { "list.txt": "a\nb\n", "made.lock": "old\n" }, path = "made.lock" } = setting;
  const upstream = await upstreamWith(files);
  const mirror = await mirrorOf(upstream);
  const job = {
    sandbox: setting.sandbox ?? createLocalSandbox(checkoutInto),
    mirror,
    taskId: "t",
    environment: setting.environment,
    parent: upstream.main,
    tree: await mirror.treeOf(upstream.main),
    conflicted: setting.conflicted ?? [],
    sides: { path, base: "base\n", ours: "ours\n", theirs: "theirs\n" },
    by,
  };
  return await regenerate(job, freshSignal());
}

const contentOf = (edit: Edit) =>
  edit.kind === "write" ? Buffer.from(edit.content).toString() : undefined;

describe("a file is made anew", () => {
  it("by its command, from ours, in its folder", async () => {
    const files = { "a b/list.txt": "x\n", "a b/made.lock": "markers\n" };
    const by = ruleFor("cat made.lock list.txt > next && mv next made.lock", {
      folder: "a b",
      needs: ["a b/list.txt"],
      touches: ["a b/made.lock"],
    });

    const made = await regenerating(by, { files, path: "a b/made.lock" });

    expect(made).toMatchObject({
      kind: "regenerated",
      edit: { kind: "write", path: "a b/made.lock", mode: "100644" },
      report: {
        path: "a b/made.lock",
        kind: "merged",
        hunks: [{ stage: "regenerated", line: 1, confidence: "proposed" }],
      },
    });
    expect(made.kind === "regenerated" && contentOf(made.edit)).toBe("ours\nx\n");
  });

  it("also where the command finds nothing to change", async () => {
    const made = await regenerating(ruleFor("true"));

    expect(made.kind === "regenerated" && contentOf(made.edit)).toBe("ours\n");
  });

  it("as a proposal, where the repository's own script made it", async () => {
    const made = await regenerating(ruleFor("echo new > made.lock", { isOwnScript: true }));

    expect(made).toMatchObject({ report: { hunks: [{ confidence: "proposed" }] } });
  });
});

describe("a conflict is left", () => {
  it.each<[string, Regeneration, Setting, string]>([
    ["the command fails", ruleFor("exit 3"), {}, "failed with exit code 3"],
    ["there is no such program", ruleFor("exit 127"), {}, "the sandbox has no sh"],
    ["other files changed too", ruleFor("echo x > list.txt"), {}, "changed other files too"],
    ["the file is gone", ruleFor("rm made.lock"), {}, "did not leave a text file"],
    ["it is a link now", ruleFor("ln -sf list.txt made.lock"), {}, "did not leave a text file"],
    ["it is no text", ruleFor("printf '\\377' > made.lock"), {}, "did not leave a text file"],
    ["the rule refuses it", ruleFor("true", { refusal: () => "it is older" }), {}, "it is older"],
    ["there is no manifest", ruleFor("true", { needs: ["none.txt"] }), {}, "there is no none.txt"],
    [
      "a manifest is not merged",
      ruleFor("true"),
      { conflicted: ["packages/a/list.txt"] },
      "list.txt has to be merged first",
    ],
    [
      "what it reads is not merged",
      ruleFor("true", { reads: ["list.txt", "*.spec"] }),
      { conflicted: ["a/b.spec"] },
      "b.spec has to be merged first",
    ],
    [
      "it is a part of a workspace above",
      ruleFor("true", {
        folder: "parts/a",
        needs: ["parts/a/package.json"],
        reads: ["package.json", "made.lock"],
        touches: ["parts/a/made.lock"],
      }),
      {
        path: "parts/a/made.lock",
        files: {
          "package.json": '{"workspaces": ["parts/*"]}',
          "parts/a/package.json": "{}",
          "parts/a/made.lock": "old\n",
        },
      },
      "stands inside of a workspace",
    ],
    [
      "it cannot be done without a network, which is not allowed",
      ruleFor("true", { offline: undefined }),
      {},
      "the registry may not be reached",
    ],
  ])("where %s", async (_, ...[by, setting, why]) => {
    const made = await regenerating(by, setting);

    expect(made).toEqual({ kind: "conflict", why: expect.stringContaining(why) });
  });

  it("where no environment can be made, but not where the sandbox is broken", async () => {
    const failing = (code: "sandbox.setup-failed" | "sandbox.unavailable") => ({
      open: async () => Promise.reject(new NexusError(code, "No.")),
    });

    const made = await regenerating(ruleFor("true"), { sandbox: failing("sandbox.setup-failed") });
    const broken = regenerating(ruleFor("true"), { sandbox: failing("sandbox.unavailable") });

    expect(made).toMatchObject({ kind: "conflict" });
    await expect(broken).rejects.toMatchObject({ code: "sandbox.unavailable" });
  });
});

describe("a registry is reached", () => {
  const online = { hosts: ["registry.test"] };
  const script = '[ "$1" = online ]';
  const by = ruleFor(script, { ...online, command: ["sh", "-c", script, "sh", "online"] });

  async function opened(environment?: EnvironmentWish) {
    const wishes: (EnvironmentWish | undefined)[] = [];
    const local = createLocalSandbox(checkoutInto);
    const open = (workspace: Workspace, signal: AbortSignal) => {
      wishes.push(workspace.environment);
      return local.open(workspace, signal);
    };
    const made = await regenerating(by, { sandbox: { open }, ...(environment && { environment }) });
    return { made, wishes };
  }

  it("only after a try without, and only the rule's hosts", async () => {
    const network = ["other.test", "registry.test"];

    const { made, wishes } = await opened({ image: "i", network, setup: ["make evil"] });

    expect(made.kind).toBe("regenerated");
    expect(wishes).toEqual([
      { image: "i", setup: [] },
      { image: "i", setup: [], network: ["registry.test"] },
    ]);
  });

  it("by a set-up, where commands may not reach it", async () => {
    const { wishes } = await opened({ network: ["other.test"] });

    expect(wishes).toHaveLength(2);
    expect(wishes[1]).toEqual({ setup: [expect.stringContaining("'online'")] });
  });

  it("never where nothing is to be installed", async () => {
    const { made, wishes } = await opened({ setup: [] });

    expect(made).toMatchObject({ kind: "conflict" });
    expect(wishes).toEqual([{ setup: [] }]);
  });
});

describe.skipIf(noDocker)("in real containers", () => {
  let parts: TestSandbox;
  beforeAll(async () => {
    parts = await testSandbox({ checkout: checkoutInto });
  });
  afterAll(() => parts?.[Symbol.asyncDispose]());

  const manifest = (...names: readonly string[]) => ({
    name: "shop",
    version: "1.0.0",
    dependencies: Object.fromEntries(names.map((name) => [name, `file:libs/${name}`])),
  });
  const lockOf = (...names: readonly string[]) => {
    const entries = names.flatMap((name) => [
      [`libs/${name}`, { version: "1.0.0" }] as const,
      [`node_modules/${name}`, { resolved: `libs/${name}`, link: true }] as const,
    ]);
    const packages = Object.fromEntries([["", manifest(...names)] as const, ...entries]);
    const lock = { name: "shop", version: "1.0.0", lockfileVersion: 3, requires: true, packages };
    return `${JSON.stringify(lock, null, 2)}\n`;
  };

  it("npm writes a lockfile with what both sides added, without a network", async () => {
    const library = (name: string) => JSON.stringify({ name, version: "1.0.0" });
    const files = {
      "package.json": `${JSON.stringify(manifest("apple", "pear", "plum"), null, 2)}\n`,
      "package-lock.json": "<<<<<<< ours\n=======\n>>>>>>> theirs\n",
      "libs/apple/package.json": library("apple"),
      "libs/pear/package.json": library("pear"),
      "libs/plum/package.json": library("plum"),
    };
    const [base, ours, theirs] = [
      lockOf("apple"),
      lockOf("apple", "pear"),
      lockOf("apple", "plum"),
    ];
    const sides = { path: "package-lock.json", base, ours, theirs };
    const rule = ruleOf("package-lock.json", sides);
    if (rule?.kind !== "regenerate") throw new Error("npm's lockfile has no rule");
    const upstream = await upstreamWith(files);
    const mirror = await mirrorOf(upstream);
    const where = { mirror, taskId: "t", parent: upstream.main, conflicted: [] };
    const tree = await mirror.treeOf(upstream.main);
    const job = { sandbox: parts.sandbox, ...where, tree, sides, by: rule.by };

    const made = await regenerate(job, freshSignal());

    expect(made).toMatchObject({ kind: "regenerated" });
    const text = made.kind === "regenerated" ? contentOf(made.edit) : undefined;
    expect(JSON.parse(text ?? "null")).toEqual(JSON.parse(lockOf("apple", "pear", "plum")));
  });

  it("a set-up keeps the operator's own registry out of it, and harmless settings only", async () => {
    const files = {
      "made.lock": "",
      ".settings": "legacy=true\nregistry=https://evil.test\n",
    };
    const by = ruleFor(`echo "$npm_config_registry/new" | cat - .settings >> made.lock`, {
      hosts: ["registry.test"],
      offline: undefined,
      needs: [],
      env: { npm_config_registry: "http://own.test:8080/npm" },
      publicRegistry: "https://registry.test",
      settings: { name: ".settings", harmless: "^legacy=(true|false)$" },
    });

    const made = await regenerating(by, { files, sandbox: parts.sandbox });

    expect(made.kind === "regenerated" && contentOf(made.edit)).toBe(
      "ours\nhttps://registry.test/new\nlegacy=true\n",
    );
  });

  it("a set-up makes it over manifests alone, where commands have no network", async () => {
    const files = {
      "a/list.txt": "x\n",
      "a/made.lock": "",
      "a/secret.sh": "exit 1\n",
      "a/.npmrc": "registry=https://evil.test\n",
    };
    const by = ruleFor("find . -type f | sort > made.lock", {
      folder: "a",
      hosts: ["registry.test"],
      offline: undefined,
      needs: ["a/list.txt"],
      touches: ["a/made.lock"],
    });

    const made = await regenerating(by, { files, sandbox: parts.sandbox, path: "a/made.lock" });

    expect(made).toMatchObject({ kind: "regenerated" });
    expect(made.kind === "regenerated" && contentOf(made.edit)).toBe("./list.txt\n./made.lock\n");
  });
});
