import { randomUUID } from "node:crypto";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { runCommand, type Workshop } from "../../../sandbox/command/command-runner.ts";
import { lookInside } from "../../../sandbox/command/inside.ts";
import { DEFAULT_LIMITS, type SandboxLimits } from "../../../sandbox/container/limits.ts";
import type { CommandResult } from "../../../src/core/evidence.ts";
import type { RunOptions } from "../../../src/core/sandbox.ts";

/** A running container over an empty folder, without the walls, for what commands are about. */
export interface TestWorkshop extends AsyncDisposable {
  readonly shop: Workshop;
  readonly docker: Docker;
  /** Cancels what runs. */
  readonly abort: AbortController;
  run(command: readonly string[], options?: RunOptions): Promise<CommandResult>;
  sh(script: string, options?: RunOptions): Promise<CommandResult>;
}

interface Options {
  readonly limits?: Partial<SandboxLimits>;
  readonly shop?: Partial<Workshop>;
  readonly docker?: Docker;
  /** For what is mounted at /workspace instead of a folder of this machine. */
  readonly mount?: Docker.MountSettings;
}

const MB = 1024 * 1024;
const UID = 1000;

export async function testWorkshop(options: Options = {}): Promise<TestWorkshop> {
  const docker = options.docker ?? new Docker();
  const layer = await mkdtemp(join(tmpdir(), "nexus-layer-"));
  await chown(layer, UID, UID);
  const limits = {
    ...DEFAULT_LIMITS,
    memoryMb: 256,
    pids: 64,
    timeoutMs: 60_000,
    ...options.limits,
  };
  const container = await docker.createContainer({
    Image: "nexus-sandbox:latest",
    name: `nexus-command-test-${randomUUID()}`,
    Entrypoint: [],
    Cmd: ["sleep", "infinity"],
    User: "65534:65534",
    Env: ["PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/home/sandbox"],
    HostConfig: {
      Init: true,
      NetworkMode: "none",
      ReadonlyRootfs: true,
      CapDrop: ["ALL"],
      Memory: limits.memoryMb * MB,
      MemorySwap: limits.memoryMb * MB,
      PidsLimit: limits.pids,
      Mounts: [options.mount ?? { Type: "bind", Source: layer, Target: "/workspace" }],
      Tmpfs: {
        "/tmp": "exec,mode=1777,size=8m",
        "/home/sandbox": `exec,mode=700,uid=${UID},gid=${UID},size=8m`,
      },
    },
  });
  await container.start();
  const abort = new AbortController();
  const user = `${UID}:${UID}`;
  const inside = lookInside(container, user, abort.signal);
  const base = { container, inside, layer, user, limits, signal: abort.signal };
  const shop: Workshop = { ...base, ...options.shop };
  const run = (command: readonly string[], how: RunOptions = {}) => runCommand(shop, command, how);
  return {
    shop,
    docker,
    abort,
    run,
    sh: (script, how) => run(["sh", "-c", script], how),
    async [Symbol.asyncDispose]() {
      await container.remove({ force: true, v: true }).catch(() => undefined);
      await rm(layer, { recursive: true, force: true });
    },
  };
}
