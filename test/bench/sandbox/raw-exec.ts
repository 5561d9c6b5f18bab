import { once } from "node:events";
import type Docker from "dockerode";
import { sandboxUid } from "../../../sandbox/mirror/ownership.ts";

/**
 * One command through the engine's API and nothing else: prepare, start, read to the end, ask for the exit code.
 * It has ended when this returns.
 */
export async function rawExec(container: Docker.Container, argv: readonly string[]): Promise<void> {
  const exec = await container.exec({
    Cmd: [...argv],
    User: `${sandboxUid()}:${sandboxUid()}`,
    AttachStdout: true,
    AttachStderr: true,
    WorkingDir: "/workspace",
  });
  const stream = await exec.start({ hijack: true, stdin: false });
  stream.resume();
  await once(stream, "end");
  for (;;) {
    const { Running, ExitCode } = await exec.inspect();
    if (Running) continue;
    if (ExitCode !== 0) throw new Error(`The command ended with ${String(ExitCode)}.`);
    return;
  }
}
