import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { keepPresence } from "../../../sandbox/engine/presence.ts";

const PRESENCE = new URL("../../../sandbox/engine/presence.ts", import.meta.url).href;

/** A process that enters and pins something, and waits to be killed. */
async function startProcess(root: string) {
  const script = `const { keepPresence } = await import(${JSON.stringify(PRESENCE)});
    const presence = keepPresence(${JSON.stringify(root)});
    await presence.pins("trees").pin("oak");
    process.stdout.write(await presence.enter());
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
  const [name] = await once(child.stdout, "data");
  return {
    name: String(name),
    async kill() {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

describe("the presence of processes", () => {
  let root: string;
  beforeAll(async () => {
    // Longer than the path of a socket can be.
    root = join(await mkdtemp(join(tmpdir(), "nexus-presence-")), "x".repeat(120), "processes");
  });
  afterAll(() => rm(join(root, "../.."), { recursive: true }));

  it("is seen by others until a process is killed, with what it has pinned", async () => {
    const presence = keepPresence(root);
    const other = await startProcess(root);
    const pins = presence.pins("trees");
    const living = [await presence.lifeOf(other.name), await pins.othersPins()];

    await other.kill();

    expect(living).toEqual(["living", new Set(["oak"])]);
    expect(await presence.lifeOf(other.name)).toBe("gone");
    expect(await pins.othersPins()).toEqual(new Set());
  });

  it("is not known of a process that nobody saw", async () => {
    expect(await keepPresence(root).lifeOf("0123456789abcdef")).toBe("unknown");
    expect(await keepPresence(join(root, "none")).lifeOf("0123456789abcdef")).toBe("unknown");
  });

  it("is forgotten only of those that are gone", async () => {
    const presence = keepPresence(root);
    const [living, dead] = await Promise.all([startProcess(root), startProcess(root)]);
    await dead.kill();

    await presence.enter();
    await presence.forgetGone();

    const left = await readdir(root);
    await living.kill();
    expect(left.sort()).toEqual([await presence.enter(), living.name].sort());
  });

  it("is forgotten of those that were killed while they entered, once nobody can be entering", async () => {
    const presence = keepPresence(root);
    const own = await presence.enter();
    const old = new Date(Date.now() - 3_600_000);
    await mkdir(join(root, "unfinished-old"));
    await utimes(join(root, "unfinished-old"), old, old);
    await mkdir(join(root, "unfinished-new"));

    await presence.forgetGone();

    const left = await readdir(root);
    await rm(join(root, "unfinished-new"), { recursive: true });
    expect(left).toContain("unfinished-new");
    expect(left).toContain(own);
    expect(left).not.toContain("unfinished-old");
  });

  it("cannot be had where there can be no folder", async () => {
    const file = fileURLToPath(PRESENCE);

    await expect(keepPresence(join(file, "processes")).enter()).rejects.toMatchObject({
      code: "sandbox.unavailable",
      hint: expect.stringContaining("writable"),
    });
  });
});
