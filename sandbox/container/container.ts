import type Docker from "dockerode";
import { sessionName } from "../session-name.ts";
import type { ImageTraits } from "./image-traits.ts";
import type { SandboxLimits } from "./limits.ts";
import { seccompProfile } from "./seccomp.ts";

const MB = 1024 * 1024;

/** Labels by which Nexus finds its own containers and volumes again. */
export interface Labels {
  readonly "nexus.owner": string;
  readonly "nexus.task": string;
  readonly "nexus.session": string;
}

/** Who makes a session, and for which task. */
interface Maker {
  readonly owner: string;
  readonly process: string;
  readonly taskId: string;
}

/** Labels of a new session, under a name that nothing else has. */
export function newLabels({ owner, process, taskId }: Maker): Labels {
  return { "nexus.owner": owner, "nexus.task": taskId, "nexus.session": sessionName(process) };
}

/** What differs from one sandbox to the next. Everything else is the same for all. */
export interface ContainerPlan {
  readonly image: string;
  /** `uid:gid` that commands run as. */
  readonly user: string;
  readonly mount: Docker.MountSettings;
  readonly limits: SandboxLimits;
  readonly labels: Labels;
  /** Variables of the commands beyond the container's own. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** What the image would bring along by itself; undefined for Nexus' own, which brings nothing. */
  readonly traits?: ImageTraits | undefined;
  /** A runtime the engine knows by this name; undefined for its own. */
  readonly runtime?: string | undefined;
}

const HOME = "/home/sandbox";

// Nothing of the host's environment; these few are what tools ask for.
const ENVIRONMENT = [
  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  `HOME=${HOME}`,
  "CI=true",
  "LANG=C.UTF-8",
  "TZ=UTC",
];

/** The keeper holds the container open as a user whose processes the commands cannot end. */
const KEEPER = "65534:65534";

/**
 * The one template of a container for untrusted commands: no network, no capabilities, no way to gain
 * any, read-only but for the workspace, /tmp and the home folder, bounded in every resource.
 */
export function containerOptions(plan: ContainerPlan): Docker.ContainerCreateOptions {
  return {
    Image: plan.image,
    Entrypoint: [],
    Cmd: ["sleep", "infinity"],
    User: KEEPER,
    WorkingDir: "/",
    Env: environmentOf(plan),
    Labels: { ...plan.labels },
    Healthcheck: { Test: ["NONE"] },
    StopTimeout: 1,
    NetworkDisabled: true,
    HostConfig: {
      ...(plan.runtime === undefined ? {} : { Runtime: plan.runtime }),
      ...walls(),
      ...bounds(plan.limits),
      NetworkMode: "none",
      Mounts: [plan.mount],
      Tmpfs: {
        ...emptyFolders(plan.traits?.volumes ?? [], plan.limits.tmpMb),
        "/tmp": `exec,nosuid,nodev,mode=1777,size=${plan.limits.tmpMb}m`,
        [HOME]: `exec,nosuid,nodev,mode=700,${owned(plan.user)},size=${Math.ceil(plan.limits.tmpMb / 2)}m`,
      },
    },
  };
}

/** Walls that hold for every container Nexus starts, whatever it is for. */
export function walls(): Docker.HostConfig {
  return {
    CapDrop: ["ALL"],
    SecurityOpt: ["no-new-privileges", `seccomp=${seccompProfile()}`],
    ReadonlyRootfs: true,
    IpcMode: "private",
    CgroupnsMode: "private",
    Init: true,
    OomScoreAdj: 500,
    LogConfig: { Type: "none", Config: {} },
    AutoRemove: false,
    RestartPolicy: { Name: "no" },
  } as Docker.HostConfig;
}

/** Bounds on what a container can use. */
export function bounds(limits: SandboxLimits): Docker.HostConfig {
  return {
    Memory: limits.memoryMb * MB,
    MemorySwap: limits.memoryMb * MB,
    NanoCpus: Math.round(limits.cpus * 1e9),
    PidsLimit: limits.pids,
    ShmSize: 256 * MB,
    Ulimits: [
      { Name: "core", Soft: 0, Hard: 0 },
      { Name: "nofile", Soft: 16_384, Hard: 16_384 },
      { Name: "fsize", Soft: 2048 * MB, Hard: 2048 * MB },
      { Name: "memlock", Soft: 65_536, Hard: 65_536 },
    ],
  };
}

// A name without a value takes away what the image sets under it.
function environmentOf({ env = {}, traits }: ContainerPlan): string[] {
  const own = new Map(ENVIRONMENT.map((entry) => [nameOf(entry), entry]));
  for (const [name, value] of Object.entries(env)) own.set(name, `${name}=${value}`);
  const foreign = (traits?.variables ?? []).filter((name) => !own.has(name));
  return [...own.values(), ...foreign];
}

function nameOf(entry: string): string {
  return entry.slice(0, entry.indexOf("="));
}

// Else the engine would make an unbounded, unlabelled volume for each.
function emptyFolders(volumes: readonly string[], sizeMb: number): Record<string, string> {
  return Object.fromEntries(
    volumes.map((path) => [path, `exec,nosuid,nodev,mode=1777,size=${sizeMb}m`]),
  );
}

function owned(user: string): string {
  const [uid, gid] = user.split(":");
  return `uid=${uid},gid=${gid}`;
}
