import Docker from "dockerode";

const docker = new Docker();

/** Containers of an installation, by what they are doing. */
export async function containersOf(owner: string): Promise<readonly Docker.ContainerInfo[]> {
  return await docker.listContainers({ all: true, filters: { label: [`nexus.owner=${owner}`] } });
}

/** How many containers and volumes an installation has. */
export async function leftovers(owner: string): Promise<number> {
  const filters = { label: [`nexus.owner=${owner}`] };
  const { Volumes } = await docker.listVolumes({ filters });
  return (await containersOf(owner)).length + (Volumes?.length ?? 0);
}

/** Ends the containers of an installation as somebody else would. */
export async function killContainers(owner: string): Promise<void> {
  for (const { Id } of await containersOf(owner)) await docker.getContainer(Id).kill();
}
