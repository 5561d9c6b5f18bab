import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DEFAULT_LIMITS } from "../../sandbox/container/limits.ts";
import {
  createDockerSandbox,
  type DockerSandbox,
  type DockerSandboxOptions,
} from "../../sandbox/docker-sandbox.ts";
import { listRecords } from "../../sandbox/session-record.ts";
import { smallCheckout } from "./small-repository.ts";

/** Why there can be no Docker tests here; undefined where there can. */
export const noDocker = whyNoDocker();

function whyNoDocker(): string | undefined {
  try {
    execFileSync("docker", ["image", "inspect", "nexus-sandbox:latest"], { stdio: "pipe" });
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`Skipped: no Docker with the sandbox image here. ${reason}\n`);
    return reason;
  }
}

export interface TestSandbox extends AsyncDisposable {
  readonly sandbox: DockerSandbox;
  readonly folder: string;
  readonly owner: string;
}

/** A Docker sandbox with a folder and an owner of its own; disposing leaves nothing behind. */
export async function testSandbox(
  options: Partial<DockerSandboxOptions> = {},
): Promise<TestSandbox> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), "nexus-sandbox-")));
  const owner = options.owner ?? `test-${randomUUID()}`;
  const sandbox = createDockerSandbox({
    image: "nexus-sandbox:latest",
    folder,
    owner,
    checkout: smallCheckout,
    limits: { ...DEFAULT_LIMITS, memoryMb: 512, cpus: 1, timeoutMs: 60_000 },
    setUpTimeoutMs: 120_000,
    certificates: ownCertificates(),
    ...options,
  });
  return {
    sandbox,
    folder,
    owner,
    async [Symbol.asyncDispose]() {
      await sandbox[Symbol.asyncDispose]();
      for (const { taskId } of await listRecords(join(folder, "layers")))
        await sandbox.release(taskId);
      await sandbox.sweep([]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Certificates that this machine trusts: a network with its own authority names them in the usual variables. */
export function ownCertificates(): string | undefined {
  const named = process.env.NODE_EXTRA_CA_CERTS ?? process.env.SSL_CERT_FILE;
  return named !== undefined && existsSync(named) ? named : undefined;
}
