import type Docker from "dockerode";
import { removeContainer } from "../container/removal.ts";
import { ask, askUntilGone } from "./engine.ts";

/** Something that Nexus made in the engine, by its labels. */
export interface Thing {
  readonly kind: "container" | "volume" | "network";
  readonly session: string;
  readonly task: string;
  /** Gone already is as good. */
  readonly remove: () => Promise<void>;
}

/** By which labels. */
interface Sought {
  readonly owner: string;
  readonly task?: string;
  readonly session?: string;
}

/** What bears these labels, in the order in which it can be removed. */
export async function findThings(docker: Docker, sought: Sought): Promise<readonly Thing[]> {
  const label = Object.entries(sought).map(([name, value]) => `nexus.${name}=${value}`);
  const containers = await ask("list containers", (abortSignal) =>
    docker.listContainers({ all: true, filters: { label }, abortSignal }),
  );
  const { Volumes } = await ask("list volumes", (abortSignal) =>
    docker.listVolumes({ filters: { label }, abortSignal }),
  );
  const networks = await ask("list networks", (abortSignal) =>
    docker.listNetworks({ filters: { label }, abortSignal }),
  );
  return [
    ...containers.map(({ Id, Labels }) =>
      thing("container", Labels, () => removeContainer(docker.getContainer(Id))),
    ),
    ...(Volumes ?? []).map(({ Name, Labels }) =>
      thing("volume", Labels, () => docker.getVolume(Name).remove()),
    ),
    ...networks.map(({ Id, Labels }) =>
      thing("network", Labels, () => docker.getNetwork(Id).remove()),
    ),
  ];
}

type Labels = Readonly<Record<string, string>> | undefined;

function thing(kind: Thing["kind"], labels: Labels, work: () => Promise<unknown>): Thing {
  return {
    kind,
    session: labels?.["nexus.session"] ?? "",
    task: labels?.["nexus.task"] ?? "",
    remove: () => askUntilGone(`remove a ${kind}`, work),
  };
}
