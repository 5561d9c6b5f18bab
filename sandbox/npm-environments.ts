import type Docker from "dockerode";
import type { SandboxLimits } from "./container/limits.ts";
import { takeDependencies } from "./environment/dependencies.ts";
import type { Environments } from "./environment/environment.ts";
import { installWithNpm } from "./environment/install.ts";
import type { FrozenFolders } from "./mirror/frozen-folders.ts";

interface NpmSite {
  readonly docker: Docker;
  readonly folders: FrozenFolders;
  readonly image: () => Promise<string>;
  readonly uid: number;
  readonly limits: SandboxLimits;
  readonly setUpTimeoutMs: number;
  readonly npmRegistry?: string | undefined;
  readonly certificates?: string | undefined;
}

/** Environments of Nexus' own image with what npm's lockfile asks for. */
export function npmEnvironments(site: NpmSite): Environments {
  return {
    async take({ tree, labels }, signal) {
      const image = await site.image();
      const plan = { ...site, image, labels, timeoutMs: site.setUpTimeoutMs };
      const install = (folder: string) => installWithNpm(site.docker, plan, { folder, signal });
      const keeping = { ...site, image, install };
      const taken = await takeDependencies(tree.folders[0] ?? "", keeping, signal);
      return {
        image,
        layers: taken ? [taken.folder] : [],
        pass: (path) => taken?.pass(path) ?? false,
        env: {},
        network: [],
        release: async () => taken?.release(),
      };
    },
    tidy: () => site.folders.tidy(),
  };
}
