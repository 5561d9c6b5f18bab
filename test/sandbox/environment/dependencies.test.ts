import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../../../sandbox/container/limits.ts";
import { type SmallFile, smallRepository } from "../small-repository.ts";
import { noDocker, type TestSandbox, testSandbox } from "../test-sandbox.ts";

const never = new AbortController().signal;
const INTEGRITY =
  "sha512-41Cifkg6e8TylSpdtTpeLVMqvSBEVzTttHvERD741+pnZ8ANv0004MRL43QKPDlK9cGvNp6NZWZUBlbGXYxxng==";

/** A project that depends on one small package and has one workspace. */
function project(integrity = INTEGRITY): Record<string, SmallFile> {
  const root = {
    name: "small",
    version: "1.0.0",
    workspaces: ["packages/*"],
    scripts: { postinstall: "touch node_modules/ran" },
    dependencies: { "is-number": "7.0.0" },
  };
  const member = { name: "member", version: "1.0.0", main: "index.js" };
  const lock = {
    name: "small",
    version: "1.0.0",
    lockfileVersion: 3,
    requires: true,
    packages: {
      "": { ...root, scripts: undefined, hasInstallScript: true },
      "node_modules/is-number": { version: "7.0.0", integrity, engines: { node: ">=0.12.0" } },
      "node_modules/member": { resolved: "packages/member", link: true },
      "packages/member": member,
    },
  };
  return {
    "package.json": JSON.stringify(root),
    "package-lock.json": JSON.stringify(lock),
    "packages/member/package.json": JSON.stringify(member),
    "packages/member/index.js": "module.exports = 'member of ' + require('is-number')(7)",
    ".npmrc": "registry=https://evil.example/\nignore-scripts=false\n",
  };
}

describe.skipIf(noDocker).each(["overlay", "copy"] as const)("dependencies over %s", (mirror) => {
  let parts: TestSandbox;
  beforeAll(async () => {
    parts = await testSandbox({ mirror });
  });
  afterAll(() => parts[Symbol.asyncDispose]());

  it("are installed once, without scripts, and are no change", async () => {
    await using repository = await smallRepository(project());
    const workspace = { ...repository, taskId: "t1" };

    const opened = await Promise.all([1, 2].map(() => parts.sandbox.open(workspace, never)));
    await using first = opened[0];
    await using _second = opened[1];
    const used = await first?.run(["node", "-p", "require('member')"]);
    const written = await first?.run([
      "sh",
      "-ec",
      "echo x > node_modules/x; mkdir node_modules/.cache; test ! -e node_modules/ran",
    ]);

    expect(used).toMatchObject({ exitCode: 0, output: "member of true\n" });
    expect(written).toMatchObject({ exitCode: 0 });
    expect(await readdir(join(parts.folder, "environments"))).toHaveLength(1);
    expect(await first?.changes()).toEqual([]);
  });

  it("keep nothing of the repository but node_modules", async () => {
    const [name = ""] = await readdir(join(parts.folder, "environments"));

    const installed = join(parts.folder, "environments", name);

    expect(await readdir(installed)).toEqual(["node_modules"]);
    expect(await readdir(join(installed, "node_modules"))).toEqual([
      ".package-lock.json",
      "is-number",
      "member",
    ]);
  });

  it("that cannot be installed are a failure of the set-up, with npm's words", async () => {
    await using repository = await smallRepository(project(`sha512-${"A".repeat(86)}==`));

    const opening = parts.sandbox.open({ ...repository, taskId: "t1" }, never);

    await expect(opening).rejects.toMatchObject({
      code: "sandbox.setup-failed",
      message: expect.stringMatching(/EINTEGRITY/),
    });
    expect(await readdir(join(parts.folder, "environments"))).toHaveLength(1);
  });

  it("are not asked for where the repository brings its own", async () => {
    await using repository = await smallRepository({
      ...project("sha512-broken"),
      "node_modules/own/index.js": "module.exports = 'own'",
    });
    await using session = await parts.sandbox.open({ ...repository, taskId: "t1" }, never);

    const used = await session.run(["node", "-p", "require('own')"]);

    expect(used.output).toBe("own\n");
  });

  it("that take more room than there is for a session are a failure of the set-up", async () => {
    const limits = { ...DEFAULT_LIMITS, memoryMb: 512, cpus: 1, diskMb: 0.01 };
    await using small = await testSandbox({ mirror, limits });
    await using repository = await smallRepository(project());

    const opening = small.sandbox.open({ ...repository, taskId: "t1" }, never);

    await expect(opening).rejects.toMatchObject({
      code: "sandbox.setup-failed",
      message: "npm ci wrote more than 0.01 MB.",
      hint: expect.stringContaining("package-lock.json"),
    });
    expect(await readdir(join(small.folder, "environments"))).toEqual([]);
  });
});
