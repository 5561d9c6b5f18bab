import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { watchDisk } from "../../../sandbox/command/disk-watch.ts";
import { until } from "../../world/until.ts";

const WATCH = new URL("../../../sandbox/command/disk-watch.ts", import.meta.url).href;

it("does not end the process when the folder cannot be looked at", async () => {
  const script = `const { watchDisk } = await import(${JSON.stringify(WATCH)});
    watchDisk("/nonexistent/folder", 1, () => undefined);`;

  const running = promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);

  await expect(running).resolves.toMatchObject({ stderr: "" });
});

it("calls again when what it called failed, and not when that was done", async () => {
  const folder = await mkdtemp(join(tmpdir(), "nexus-disk-"));
  let calls = 0;
  const watch = watchDisk(folder, -1, async () => {
    calls += 1;
    if (calls === 1) throw new Error("the engine did not answer");
  });
  await writeFile(join(folder, "file"), "x");

  await until(() => calls === 2, { what: "the second call" });

  expect(watch.full()).toBe(true);
  watch.stop();
  await rm(folder, { recursive: true });
});
