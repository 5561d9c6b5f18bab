import { execFileSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createEgress } from "../../../sandbox/egress/create-egress.ts";
import { noDocker, ownCertificates } from "../test-sandbox.ts";
import { environmentWorld } from "./environment-world.ts";

// What a registry and two containers need on a busy machine.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const never = new AbortController().signal;
const INTEGRITY =
  "sha512-41Cifkg6e8TylSpdtTpeLVMqvSBEVzTttHvERD741+pnZ8ANv0004MRL43QKPDlK9cGvNp6NZWZUBlbGXYxxng==";

/** Why nothing can be installed here; undefined where the registry answers. */
const noRegistry = noDocker ?? whyNoRegistry();

function whyNoRegistry(): string | undefined {
  try {
    const args = ["--silent", "--fail", "--output", "/dev/null", "--max-time", "20"];
    execFileSync("curl", [...args, "https://registry.npmjs.org/is-number"], { stdio: "pipe" });
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`Skipped: the package registry does not answer. ${reason}\n`);
    return reason;
  }
}

/** A project that depends on one small package and has one workspace. */
function project(): Record<string, string> {
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
      "node_modules/is-number": {
        version: "7.0.0",
        integrity: INTEGRITY,
        engines: { node: ">=0.12.0" },
      },
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

// The proxy refuses it before anything is looked for.
const ASK = `node -e 'fetch("https://elsewhere.example.net/").catch(() => process.exit(7))'`;

describe.skipIf(noRegistry)("a set-up through the way out", () => {
  let world: Awaited<ReturnType<typeof environmentWorld>>;
  beforeAll(async () => {
    const egress = createEgress({ docker: new Docker() });
    world = await environmentWorld({ egress, certificates: ownCertificates() });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it("installs what npm locks, without the project's scripts, and that is no change", async () => {
    const environment = await world.environments.take(await world.need(project()), never);

    const [layer = ""] = environment.layers;
    expect(await readdir(layer)).toEqual(["node_modules"]);
    expect(await readdir(join(layer, "node_modules"))).toEqual([
      ".package-lock.json",
      "is-number",
      "member",
    ]);
    expect(await readFile(join(layer, "node_modules/is-number/package.json"), "utf8")).toContain(
      '"version": "7.0.0"',
    );
    expect(environment.pass("node_modules")).toBe(true);
    expect(environment.pass("packages")).toBe(false);
    // Nothing lies outside of the workspace, so there is no image to be kept.
    expect(await world.images()).toEqual([]);
    await environment.release();
  });

  it("that asks for a host beyond the list fails, and the host is named", async () => {
    const need = await world.need({}, { setup: [`NODE_USE_ENV_PROXY=1 ${ASK}`] });

    await expect(world.environments.take(need, never)).rejects.toMatchObject({
      code: "sandbox.setup-failed",
      retryable: false,
      message: expect.stringMatching(
        /ended with exit code 7\.\nThe set-up asked for elsewhere\.example\.net, which is not allowed\./,
      ),
      hint: expect.stringMatching(/SETUP_HOSTS.*`network:`/),
    });
  });
});
