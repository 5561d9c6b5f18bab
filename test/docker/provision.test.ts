import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const PROVISION = resolve(import.meta.dirname, "../../docker/provision.sh");
const byHand = process.getuid?.() === 0 && !existsSync("/run/systemd/system");

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "provision-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function program(name: string, script: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(folder, name), 0o755);
}

// Where systemd runs, or we are not root, nothing is started by hand.
describe.runIf(byHand)("a daemon that is started by hand", () => {
  it("outlives the script and holds none of its caller's pipes", async () => {
    // Stands in for an engine that is down: the real one must not be stopped under the other tests.
    await program("docker", `[ -e ${folder}/up ]`);
    await program("dockerd", `echo $$ >${folder}/pid; touch ${folder}/up; exec sleep 60`);
    const env = { PATH: `${folder}:${process.env.PATH}`, HOME: folder };

    const script = spawn("sh", [PROVISION], { env, stdio: ["ignore", "pipe", "pipe", "pipe"] });
    const all = (stream: Readable | null) => (stream ? text(stream) : "");
    const output = Promise.all([all(script.stdout), all(script.stderr)]);
    const [code] = await once(script, "close", { signal: AbortSignal.timeout(20_000) });

    const pid = Number(await readFile(join(folder, "pid"), "utf8"));
    expect([code, (await output).join("")]).toEqual([
      0,
      expect.stringContaining("Starting the Docker daemon"),
    ]);
    expect(process.kill(pid, 0)).toBe(true);
    process.kill(pid);
  });
});
