import type Docker from "dockerode";

// The engine cannot end what other runtimes have paused: it waits for ten seconds and leaves processes behind.
const ENDS_PAUSED = /^(?:|runc|crun|io\.containerd\.runc\..+)$/;

/** Ends and removes a container with its unnamed volumes, also one that is paused. Throws what the engine answers. */
export async function removeContainer(container: Docker.Container): Promise<void> {
  const { State, HostConfig } = await container.inspect();
  if (State.Paused && !ENDS_PAUSED.test(HostConfig.Runtime ?? "")) {
    await container.unpause().catch(() => undefined);
  }
  await container.remove({ force: true, v: true });
}
