import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import Docker from "dockerode";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newLabels } from "../../../sandbox/container/container.ts";
import { DEFAULT_LIMITS } from "../../../sandbox/container/limits.ts";
import { changedPaths } from "../../../sandbox/inspect/changed-paths.ts";
import { openLook } from "../../../sandbox/inspect/open-look.ts";
import type { SessionRecord } from "../../../sandbox/session-record.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nexus-look-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

const INSTALLED = { "environment/layer/modules/dep.js": "installed\n" };
const MADE = JSON.stringify({ bytes: 1, layers: ["modules"] });

/** A session whose engine is not asked for anything. */
const lookAt = async (mirror: "overlay" | "copy") => {
  const record: SessionRecord = {
    version: 1,
    state: "open",
    session: "s",
    taskId: "t",
    gitDir: "/g",
    commit: "c".repeat(40),
    image: "sha256:1",
    containerId: "c",
    user: "1:1",
    mirror,
    tree: { folders: [join(folder, "delta"), join(folder, "base")] },
    layers: [join(folder, "environment/layer")],
    env: {},
    openedAt: "2026-01-01T00:00:00.000Z",
  };
  return await openLook(record, {
    docker: new Docker({ socketPath: "/nonexistent/docker.sock" }),
    image: "none",
    uid: 1,
    limits: DEFAULT_LIMITS,
    labels: newLabels({ owner: "o", process: "p", taskId: "t" }),
    layersFolder: join(folder, "layers"),
    scratch: folder,
  });
};

describe.each([
  ["overlay", "upper", {}],
  ["copy", "copy", { "src/a.ts": "a\n", "modules/dep.js": "installed\n", ".git/HEAD": "ref: x\n" }],
] as const)("a look at a workspace with installed files (%s)", (mirror, layer, whole) => {
  beforeEach(async () => {
    const written = { ...whole, "src/b.ts": "2\n", "new.ts": "n\n", "modules/cache": "x\n" };
    const inLayer = Object.entries({ ...written, ".git/index": "i" }).map(
      ([path, text]) => [`layers/s/${layer}/${path}`, text] as const,
    );
    await write({
      "base/src/a.ts": "a\n",
      "base/src/b.ts": "0\n",
      "delta/src/b.ts": "1\n",
      ...INSTALLED,
      "environment/made.json": MADE,
      ...Object.fromEntries(inLayer),
    });
  });

  it("sees changes, and neither git's files nor what is installed", async () => {
    await using look = await lookAt(mirror);

    const { paths } = await changedPaths(await look.difference(), folder);

    expect(paths.map(({ path, status }) => [path, status])).toEqual([
      ["new.ts", "added"],
      ["src/b.ts", "modified"],
    ]);
  });

  it("shows all that commands see", async () => {
    await using look = await lookAt(mirror);

    expect((await look.list("modules")).map(({ name }) => name)).toEqual(["cache", "dep.js"]);
    expect((await look.list("src")).map(({ name }) => name)).toEqual(["a.ts", "b.ts"]);
    expect(await look.list("nowhere")).toEqual([]);
    expect(await look.read("src/b.ts", 10)).toEqual({ bytes: Buffer.from("2\n") });
    expect(await look.read("src/a.ts", 10)).toEqual({ bytes: Buffer.from("a\n") });
    expect(await look.read("src/a.ts", 1)).toEqual({ why: "larger than 1 bytes" });
    expect(await look.at("modules/dep.js")).toMatchObject({ kind: "file", size: 10 });
    expect(await look.at("src/a.ts/below")).toBeUndefined();
  });
});
