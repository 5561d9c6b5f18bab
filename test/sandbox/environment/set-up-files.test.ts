import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { rawOf } from "../../../sandbox/changes/raw-path.ts";
import { fillWorkspace, keepPaths } from "../../../sandbox/environment/set-up-files.ts";
import type { SetUpPlan } from "../../../sandbox/environment/set-up-plan.ts";
import type { StackPlan } from "../../../sandbox/environment/stacks/stack.ts";

const STACK: StackPlan = {
  stack: "any",
  program: "sh",
  files: new Map(),
  fetch: [],
  build: [],
  env: {},
  path: [],
  layers: [],
};

describe("the workspace of a set-up", () => {
  let folder: string;
  let workspace: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "nexus-set-up-"));
    workspace = join(folder, "a/workspace");
    await mkdir(workspace, { recursive: true });
    await mkdir(join(folder, "outside/src"), { recursive: true });
    await writeFile(join(folder, "outside/src/lib.rs"), "precious");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const planOf = (stack: Partial<StackPlan>): SetUpPlan => ({
    key: "k",
    commands: undefined,
    source: undefined,
    stacks: [{ ...STACK, ...stack }],
    setUpEnv: {},
    keepsTools: false,
    env: {},
  });
  const fill = (plan: SetUpPlan) =>
    fillWorkspace(workspace, plan, { folders: [join(folder, "tree")] });
  const outside = () => readFile(join(folder, "outside/src/lib.rs"), "utf8");

  it.each([
    "../../outside/src/lib.rs",
    "a/../../../outside/src/lib.rs",
    "/outside/src/lib.rs",
    "a//b",
    "./a",
    "a/.",
    "",
    "a\0b",
    ".nexus-cache/certificates.pem",
    "link/src/lib.rs",
    "file/src/lib.rs",
    "folder",
  ])("never has a file in another place: %j", async (path) => {
    await symlink(join(folder, "outside"), join(workspace, "link"));
    await writeFile(join(workspace, "file"), "");
    await mkdir(join(workspace, "folder"));

    const refused = { code: "sandbox.setup-failed", retryable: false };
    await expect(fill(planOf({ stubs: [path] }))).rejects.toMatchObject(refused);
    await expect(
      fill(planOf({ files: new Map([[path, Buffer.from("x")]]) })),
    ).rejects.toMatchObject(refused);

    expect(await outside()).toBe("precious");
  });

  it("is not reached through a link in the place of a file", async () => {
    await symlink(join(folder, "outside/src/lib.rs"), join(workspace, "lib.rs"));

    await expect(fill(planOf({ stubs: ["lib.rs"] }))).rejects.toMatchObject({
      code: "sandbox.setup-failed",
    });

    expect(await outside()).toBe("precious");
  });

  it("has nothing of the source where its own cache and certificates lie", async () => {
    const tree = join(folder, "source");
    await mkdir(join(tree, ".nexus-cache"), { recursive: true });
    await symlink(join(folder, "outside/src/lib.rs"), join(tree, ".nexus-cache/certificates.pem"));
    await writeFile(join(tree, "a.txt"), "a");
    const take = async () => ({ tree: { folders: [tree] }, release: async () => undefined });

    await fillWorkspace(
      workspace,
      { ...planOf({}), source: { id: "s", take } },
      { folders: [tree] },
    );

    expect((await readdir(workspace)).sort()).toEqual([".nexus-cache", "a.txt"]);
    expect(await readdir(join(workspace, ".nexus-cache"))).toEqual([]);
  });

  it("is kept below folders whose names are no text too", async () => {
    const parent = Buffer.concat([Buffer.from(`${workspace}/`), Buffer.from([0xff, 0xfe])]);
    await mkdir(parent);
    await writeFile(Buffer.concat([parent, Buffer.from("/made")]), "x");
    const layer = join(folder, "layer");
    const path = rawOf(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("/made")]));

    const kept = await keepPaths({ workspace, layer, uid: 10_001 }, [path, "../outside"]);

    expect(kept).toEqual([path]);
    expect(await readdir(layer, { encoding: "buffer" })).toEqual([Buffer.from([0xff, 0xfe])]);
  });
});
