import type Docker from "dockerode";
import { type ContainerPlan, containerOptions } from "../container/container.ts";
import { traitsOf } from "../container/image-traits.ts";
import { ask, askToRemove } from "../engine/engine.ts";
import { folderArchive } from "./folder-archive.ts";
import { CACHE, INSTALLED } from "./stacks/stack.ts";

/** Where a set-up finds the certificates by which this machine trusts its way out. */
export const CERTIFICATES = `${CACHE}/certificates.pem`;

/** What a set-up's container is made of. */
export interface SetUpContainer {
  readonly image: string;
  readonly uid: number;
  readonly limits: ContainerPlan["limits"];
  readonly labels: ContainerPlan["labels"];
  readonly runtime?: string | undefined;
  readonly mount: Docker.MountSettings;
  readonly keepsTools: boolean;
}

/**
 * Starts the container of a set-up: the template of all containers, without a network, but that what is
 * installed outside of the workspace can be written and becomes part of an image.
 */
export async function startSetUp(docker: Docker, plan: SetUpContainer): Promise<Docker.Container> {
  const user = `${plan.uid}:${plan.uid}`;
  const traits = await traitsOf(docker, plan.image);
  const options = containerOptions({ ...plan, user, traits });
  const container = await ask("create the set-up container", (abortSignal) =>
    docker.createContainer({
      ...options,
      HostConfig: {
        ...options.HostConfig,
        ReadonlyRootfs: !plan.keepsTools,
      },
      abortSignal,
    }),
  );
  try {
    if (plan.keepsTools) await makeHome(container, plan.uid);
    await ask("start the set-up container", (abortSignal) => container.start({ abortSignal }));
    return container;
  } catch (error) {
    await removeSetUp(container);
    throw error;
  }
}

/** Takes the container of a set-up away, with whatever still runs in it. */
export async function removeSetUp(container: Docker.Container): Promise<void> {
  await askToRemove("remove the set-up container", () =>
    container.remove({ force: true, v: true }),
  );
}

/** Variables by which tools trust what this machine trusts. */
export function trustEnv(certificates: string | undefined): Readonly<Record<string, string>> {
  if (certificates === undefined) return {};
  const names = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE"];
  const more = ["CARGO_HTTP_CAINFO", "GIT_SSL_CAINFO", "CURL_CA_BUNDLE"];
  return Object.fromEntries([...names, ...more].map((name) => [name, CERTIFICATES]));
}

// The one place of the image that the user of the commands may write to. The engine unpacks it.
async function makeHome(container: Docker.Container, uid: number): Promise<void> {
  const archive = folderArchive(`${INSTALLED.slice(1)}/`, uid);
  await ask("prepare the set-up container", (abortSignal) =>
    container.putArchive(archive, { path: "/", abortSignal }),
  );
}
