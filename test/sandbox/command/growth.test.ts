import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { type WatchedLayer, watchGrowth } from "../../../sandbox/command/growth.ts";
import { layerSize } from "../../../sandbox/command/layer-size.ts";
import { until } from "../../world/until.ts";

const MB = 1024 * 1024;

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "nexus-growth-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function watching(session: WatchedLayer) {
  const watch = await watchGrowth(session);
  onTestFinished(() => watch.stop());
  return watch;
}

it("does not count what was there before the first command", async () => {
  const layer = await folder();
  await writeFile(join(layer, "base"), Buffer.alloc(3 * MB));
  const watch = await watching({ layer, limits: { diskMb: 2 } });
  await until(() => watch.peak() !== undefined, { what: "a look" });

  await writeFile(join(layer, "more"), Buffer.alloc(MB));

  await until(() => (watch.peak() ?? 0) >= MB, { what: "the growth" });
  expect(watch.peak()).toBeLessThan(2 * MB);
  expect(watch.full.aborted).toBe(false);
});

it("fires when a command writes too much, and the next one only when it adds to that", async () => {
  const layer = await folder();
  const session = { layer, limits: { diskMb: 2 } };
  const first = await watching(session);
  await until(() => first.peak() !== undefined, { what: "a look" });
  await writeFile(join(layer, "much"), Buffer.alloc(4 * MB));
  await until(() => first.full.aborted, { what: "the first command's end" });
  first.stop();
  await writeFile(join(layer, "late"), Buffer.alloc(4 * MB));

  const second = await watching(session);
  await until(() => second.peak() !== undefined, { what: "a look" });
  expect(second.full.aborted).toBe(false);
  await writeFile(join(layer, "more"), Buffer.alloc(4 * MB));

  await until(() => second.full.aborted, { what: "the second command's end" });
});

it("watches nothing where there is no folder, and hurts nobody", async () => {
  const watch = await watching({ layer: "/nonexistent/folder", limits: { diskMb: 0 } });

  expect(watch.full.aborted).toBe(false);
  expect(watch.peak()).toBeUndefined();
});

it("counts a folder without following its links", async () => {
  const [layer, elsewhere] = [await folder(), await folder()];
  await writeFile(join(elsewhere, "large"), Buffer.alloc(8 * MB));
  await mkdir(join(layer, "a/b/c"), { recursive: true });
  await writeFile(join(layer, "a/b/c/file"), Buffer.alloc(MB));
  await symlink(elsewhere, join(layer, "a/link"));
  await symlink(join(elsewhere, "large"), join(layer, "file-link"));

  const size = await layerSize(layer);

  expect(size).toBeGreaterThanOrEqual(MB);
  expect(size).toBeLessThan(2 * MB);
});

it("calls a folder endless that is nested too deep to be counted", async () => {
  const layer = await folder();
  await mkdir(join(layer, "d/".repeat(201)), { recursive: true });

  expect(await layerSize(layer)).toBe(Number.POSITIVE_INFINITY);
});

it("fires when the disk itself runs short, whatever can be counted", async () => {
  const layer = await folder();

  const watch = await watching({ layer, limits: { diskMb: 1e9 }, minFreeBytes: 1e18 });

  await until(() => watch.full.aborted, { what: "the floor to be met" });
});
