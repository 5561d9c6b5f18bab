import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { isAlive, underStartLock } from "../../../src/servers/start-lock.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lock-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

it("lets one in at a time, and leaves nothing behind", async () => {
  let inside = 0;
  let most = 0;
  const enter = () =>
    underStartLock(folder, async () => {
      inside += 1;
      most = Math.max(most, inside);
      await turn();
      inside -= 1;
    });

  await Promise.all([enter(), enter(), enter(), enter(), enter()]);

  expect(most).toBe(1);
  expect(await readdir(folder)).toEqual([]);
});

it("opens again after an action that failed", async () => {
  const failing = underStartLock(folder, async () => {
    throw new Error("no");
  });

  await expect(failing).rejects.toThrow("no");
  expect(await underStartLock(folder, async () => "in")).toBe("in");
});

it.each([
  ["a dead process", "4194304", 0],
  ["nobody", "", 0],
  ["nonsense", "-1", 0],
  ["a living process that stopped breathing", String(process.pid), 60],
])("is taken from %s", async (_who, content, ageSeconds) => {
  const path = join(folder, "starting.lock");
  await writeFile(path, content);
  const then = Date.now() / 1_000 - ageSeconds;
  await utimes(path, then, then);

  expect(await underStartLock(folder, async () => "in")).toBe("in");
});

it.each([
  [process.pid, true],
  [1, true],
  [0, false],
  [-1, false],
  [Number.NaN, false],
  [4_194_304, false],
])("knows whether process %d lives", async (pid, alive) => {
  expect(await isAlive(pid)).toBe(alive);
});
