import type { EngineFacts, Finding } from "../probe/engine-facts.ts";
import type { MirrorProbe } from "../probe/probe.ts";
import { type Diagnosis, ok } from "./diagnosis.ts";

/** What is wrong where it is wrong; everything else that is not as hoped is only slower or less sure. */
const PROBLEMS: Readonly<Record<string, string>> = {
  engine: "Nexus' containers are Linux: use an engine for Linux.",
  seccomp: "Use an engine and a kernel with seccomp.",
};

const ADVICE: Readonly<Record<string, string>> = {
  runc: "Update runc, or set SANDBOX_RUNTIME=runsc.",
  cgroups: "Rootless engines keep limits only with cgroup version 2 and systemd.",
  overlay: "Sandboxes work, only slower: the way below is taken.",
  folder: "Nexus' folder should be on the engine's machine, under the same path.",
  copy: "Sandboxes work, only slower: the way below is taken.",
  whiteouts: "Preparing a commit takes longer; as root it would not.",
  "second mount": "Nexus itself never does so.",
};

/** What the engine told of itself and the probe found out. */
export function diagnosesOf(findings: readonly Finding[]): Diagnosis[] {
  return findings.map(({ name, ok: isGood, detail }) => {
    if (isGood) return ok(name, detail);
    const problem = PROBLEMS[name];
    const advice = problem ?? ADVICE[name];
    return { level: problem === undefined ? "warning" : "problem", name, detail, advice };
  });
}

/** How mirrors will be made, and why not in a better way. */
export function diagnoseMirror(
  probe: Pick<MirrorProbe, "mirror" | "reason">,
  configured: MirrorProbe["mirror"] | undefined,
): Diagnosis {
  const { mirror, reason } = probe;
  if (configured !== undefined && configured !== mirror) {
    return {
      level: "warning",
      name: "mirror",
      detail: `SANDBOX_MIRROR says ${configured}, the best that works here is ${mirror}`,
      advice: "Leave SANDBOX_MIRROR empty unless you need it.",
    };
  }
  if (reason === undefined) return ok("mirror", mirror);
  return {
    level: "warning",
    name: "mirror",
    detail: `${mirror}, because ${reason}`,
    advice: "The cost of a mirror grows with the repository.",
  };
}

/** How the engine stores images, and which runtimes there are: the one that is configured must be among them. */
export function diagnoseRuntimes(facts: EngineFacts, configured: string | undefined): Diagnosis[] {
  const names = facts.runtimes.map(({ name, version }) =>
    version === undefined ? name : `${name} ${version}`,
  );
  const has = (name: string) => facts.runtimes.some((runtime) => runtime.name === name);
  const gvisor = has("runsc") ? "" : "; runsc (gVisor) is not there";
  const runtimes = ok("runtimes", `${names.join(", ") || "none are told"}${gvisor}`);
  const used: Diagnosis =
    configured === undefined || has(configured)
      ? ok("runtime", configured ?? facts.defaultRuntime)
      : {
          level: "problem",
          name: "runtime",
          detail: `SANDBOX_RUNTIME names ${configured}, which the engine does not know`,
          advice: "Register it with the engine, or leave SANDBOX_RUNTIME empty.",
        };
  return [ok("storage", facts.storageDriver), runtimes, used];
}
