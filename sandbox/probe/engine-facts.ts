import type Docker from "dockerode";
import { z } from "zod";
import { ask } from "../engine/engine.ts";

/** One thing that was found out, for a person to read. */
export interface Finding {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** What an engine tells of itself. */
export interface EngineFacts {
  readonly version: string;
  readonly apiVersion: string;
  readonly kernel: string;
  readonly operatingSystem: string;
  readonly osType: string;
  readonly architecture: string;
  readonly storageDriver: string;
  readonly cgroupVersion: string;
  readonly cgroupDriver: string;
  /** What each runtime says of its version, where it says anything. */
  readonly runtimes: readonly { readonly name: string; readonly version: string | undefined }[];
  readonly defaultRuntime: string;
  readonly seccomp: boolean;
  readonly appArmor: boolean;
  readonly userNamespaces: boolean;
  readonly rootless: boolean;
  readonly dockerDesktop: boolean;
  /** What a person should know of it. */
  readonly findings: readonly Finding[];
}

const text = z.string().catch("unknown");
const FEATURES = "org.opencontainers.runtime-spec.features";

/** Versions differ in what they tell; what is missing is unknown and no failure. */
const Info = z.object({
  ServerVersion: text,
  KernelVersion: text,
  OperatingSystem: text,
  OSType: text,
  Architecture: text,
  Name: text,
  Driver: text,
  CgroupVersion: text,
  CgroupDriver: text,
  DefaultRuntime: text,
  SecurityOptions: z.array(z.string()).nullish().catch([]),
  Runtimes: z
    .record(z.string(), z.object({ status: z.record(z.string(), z.string()).nullish() }))
    .nullish()
    .catch({}),
  RuncCommit: z.object({ ID: z.string() }).nullish().catch(undefined),
});

const Version = z.object({
  ApiVersion: text,
  Components: z
    .array(z.object({ Name: z.string(), Version: z.string() }))
    .nullish()
    .catch([]),
});

/** Asks the engine what it is. Throws `sandbox.unavailable` when it does not answer. */
export async function engineFacts(docker: Docker): Promise<EngineFacts> {
  const asked = await Promise.all([
    ask("tell about itself", () => docker.info()),
    ask("tell its version", () => docker.version()),
  ]);
  return factsFrom(asked[0], asked[1]);
}

/** The facts in the engine's two answers. */
export function factsFrom(infoAnswer: unknown, versionAnswer: unknown): EngineFacts {
  const info = Info.parse(infoAnswer);
  const version = Version.parse(versionAnswer);
  const options = info.SecurityOptions ?? [];
  const has = (name: string) =>
    options.some((option) => option.split(",").includes(`name=${name}`));
  const runc =
    version.Components?.find(({ Name }) => Name === "runc")?.Version ?? info.RuncCommit?.ID;
  const facts = {
    version: info.ServerVersion,
    apiVersion: version.ApiVersion,
    kernel: info.KernelVersion,
    operatingSystem: info.OperatingSystem,
    osType: info.OSType,
    architecture: info.Architecture,
    storageDriver: info.Driver,
    cgroupVersion: info.CgroupVersion,
    cgroupDriver: info.CgroupDriver,
    runtimes: runtimesOf(info.Runtimes ?? {}, runc),
    defaultRuntime: info.DefaultRuntime,
    seccomp: has("seccomp"),
    appArmor: has("apparmor"),
    userNamespaces: has("userns"),
    rootless: has("rootless"),
    dockerDesktop: info.OperatingSystem === "Docker Desktop" || info.Name === "docker-desktop",
  };
  return { ...facts, findings: findingsOf(facts, runc) };
}

type Runtimes = NonNullable<z.infer<typeof Info>["Runtimes"]>;

function runtimesOf(runtimes: Runtimes, runc: string | undefined) {
  return Object.entries(runtimes).map(([name, { status }]) => ({
    name,
    version: versionIn(status?.[FEATURES]) ?? (name === "runc" ? runc : undefined),
  }));
}

const Features = z.object({ annotations: z.record(z.string(), z.string()) });

/** Newer engines pass on what the runtime says of itself, as text of its own. */
function versionIn(features: string | undefined): string | undefined {
  try {
    const { annotations } = Features.parse(JSON.parse(features ?? ""));
    return Object.entries(annotations).find(([key]) => key.endsWith(".version"))?.[1];
  } catch {
    return undefined;
  }
}

function findingsOf(facts: Omit<EngineFacts, "findings">, runc: string | undefined): Finding[] {
  return [
    {
      name: "engine",
      ok: facts.osType === "linux",
      detail: `Docker ${facts.version} (API ${facts.apiVersion}) on ${facts.operatingSystem}, ${facts.osType} ${facts.kernel}`,
    },
    runcFinding(runc),
    {
      name: "seccomp",
      ok: facts.seccomp,
      detail: facts.seccomp ? "the engine filters system calls" : "system calls are not filtered",
    },
    {
      name: "cgroups",
      ok: !facts.rootless || facts.cgroupVersion === "2",
      detail: `version ${facts.cgroupVersion}, kept by ${facts.cgroupDriver}`,
    },
    { name: "place", ok: true, detail: placeOf(facts) },
  ];
}

function placeOf({ rootless, dockerDesktop, userNamespaces }: Omit<EngineFacts, "findings">) {
  if (dockerDesktop) return "Docker Desktop: the engine runs in a virtual machine";
  if (rootless) return "rootless: the engine runs without root";
  return userNamespaces
    ? "root of containers is no root of the machine"
    : "the engine runs as root";
}

// Three ways out of a container were closed in 1.2.8 and, in its line, 1.3.3.
function runcFinding(version: string | undefined): Finding {
  const parts = /^v?(\d+)\.(\d+)\.(\d+)/
    .exec(version ?? "")
    ?.slice(1)
    .map(Number);
  if (!parts) return { name: "runc", ok: true, detail: "its version is not told" };
  const [major = 0, minor = 0, patch = 0] = parts;
  const line = major * 1000 + minor;
  const ok = line > 1003 || (line === 1003 && patch >= 3) || (line === 1002 && patch >= 8);
  const advice = "; update to 1.2.8, 1.3.3 or newer: older ones have known ways out of a container";
  return { name: "runc", ok, detail: `${version}${ok ? "" : advice}` };
}
