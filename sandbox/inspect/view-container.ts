import { access } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { containerOptions, type Labels } from "../container/container.ts";
import { traitsOf } from "../container/image-traits.ts";
import type { SandboxLimits } from "../container/limits.ts";
import { ask, askToRemove } from "../engine/engine.ts";
import type { SessionRecord } from "../session-record.ts";

/** Where containers for looking are made. */
export interface ViewSite {
  readonly docker: Docker;
  readonly runtime?: string | undefined;
  readonly limits: SandboxLimits;
  readonly layersFolder: string;
  /** Of whoever looks: the sweep takes the container away when that process has ended. */
  readonly labels: Labels;
}

/** A container of the same image over the same files, which it cannot write. */
export interface ViewContainer extends AsyncDisposable {
  readonly container: Docker.Container;
  /** `uid:gid` that commands run as. */
  readonly user: string;
}

/**
 * Starts a second container behind the same walls, in which a session's workspace is seen and not written:
 * whatever is done there, what will be carried out of the sandbox stays what it is.
 */
export async function openViewContainer(
  record: SessionRecord,
  site: ViewSite,
): Promise<ViewContainer> {
  const { docker, labels, limits, runtime } = site;
  const volume = record.mirror === "overlay" ? await createView(record, site) : undefined;
  const removeVolume = async () => {
    if (volume) await askToRemove("remove a volume", () => docker.getVolume(volume).remove());
  };
  try {
    const traits = await traitsOf(docker, record.image);
    const { image, user, env } = record;
    const mount = mountOf(
      record,
      volume ?? record.volume ?? join(site.layersFolder, record.session, "copy"),
    );
    const plan = { image, user, env, traits, limits, labels, runtime, mount };
    const container = await ask("create a container", (abortSignal) =>
      docker.createContainer({ ...containerOptions(plan), abortSignal }),
    );
    const remove = async () => {
      await askToRemove("remove a container", () => container.remove({ force: true, v: true }));
      await removeVolume();
    };
    try {
      await ask("start a container", (abortSignal) => container.start({ abortSignal }));
      return { container, user, [Symbol.asyncDispose]: remove };
    } catch (error) {
      await remove();
      throw error;
    }
  } catch (error) {
    await removeVolume();
    throw error;
  }
}

function mountOf({ mirror }: SessionRecord, source: string): Docker.MountSettings {
  const place = { Source: source, Target: "/workspace", ReadOnly: true };
  return (
    mirror === "copy"
      ? { Type: "bind", ...place }
      : { Type: "volume", ...place, VolumeOptions: { NoCopy: true } }
  ) as Docker.MountSettings;
}

/** The session's layer as one of the frozen ones: an overlay without an upper layer cannot be written. */
async function createView(record: SessionRecord, site: ViewSite): Promise<string> {
  const session = join(site.layersFolder, record.session);
  const flat = join(session, "flat");
  const isFlat = await access(flat).then(
    () => true,
    () => false,
  );
  const under = isFlat ? [flat] : [...record.layers, ...record.tree.folders];
  const lower = [join(session, "upper"), ...under].map(escaped).join(":");
  const name = `nexus-${site.labels["nexus.session"]}`;
  await ask("create a volume", (abortSignal) =>
    site.docker.createVolume({
      Name: name,
      Driver: "local",
      DriverOpts: {
        type: "overlay",
        device: "overlay",
        // The layer is in use by the session itself, which `index` would refuse.
        o: `lowerdir=${lower},userxattr,index=off,nosuid,nodev`,
      },
      Labels: { ...site.labels },
      abortSignal,
    }),
  );
  return name;
}

function escaped(path: string): string {
  return path.replace(/[\\:,]/g, "\\$&");
}
