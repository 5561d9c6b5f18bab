import { join } from "node:path";
import { NexusError } from "../../src/core/errors.ts";
import type { Labels } from "../container/container.ts";
import { makeCopiedMirror } from "../mirror/copied-mirror.ts";
import { makeOverlayMirror } from "../mirror/overlay-mirror.ts";
import { makeUploadedMirror } from "../mirror/uploaded-mirror.ts";
import { type EngineFacts, engineFacts, type Finding } from "./engine-facts.ts";
import { attempt, attemptToSee, makesWhiteouts, refusesSecondMount, type Trial } from "./trial.ts";

/** How mirrors are made here, and how that was found out. */
export interface MirrorProbe {
  readonly mirror: "overlay" | "copy" | "upload";
  /** Why not a better way; undefined where there is none. */
  readonly reason: string | undefined;
  readonly facts: EngineFacts;
  /** Of the engine and of each way that was tried, in this order. */
  readonly findings: readonly Finding[];
}

/** The name of a session's volume. */
export function volumeName(labels: Labels): string {
  return `nexus-${labels["nexus.session"]}`;
}

/**
 * Finds the quickest way to make mirrors by trying: overlay volumes, copies in Nexus' folder, uploads into
 * volumes. Each is tried only where those before do not work. Throws `sandbox.unavailable` when none does.
 */
export async function probeMirror(trial: Trial): Promise<MirrorProbe> {
  const facts = await engineFacts(trial.docker);
  const findings: Finding[] = [...facts.findings];
  const refused: string[] = [];
  for (const way of WAYS) {
    const { found, problem } = await way.look(trial);
    findings.push(...found);
    if (problem === undefined) {
      const reason = refused.length === 0 ? undefined : refused.join("; ");
      return { mirror: way.mirror, reason, facts, findings };
    }
    refused.push(`${way.mirror}: ${problem}${hintFor(way.mirror, facts)}`);
  }
  throw new NexusError("sandbox.unavailable", `Docker can make no mirror: ${refused.join("; ")}`, {
    hint: "The sandbox image must start. Nexus' folder should be seen by the engine under the same path.",
  });
}

interface Look {
  readonly found: readonly Finding[];
  readonly problem: string | undefined;
}

interface Way {
  readonly mirror: MirrorProbe["mirror"];
  readonly look: (trial: Trial) => Promise<Look>;
}

const WAYS: readonly Way[] = [
  { mirror: "overlay", look: lookAtOverlay },
  { mirror: "copy", look: lookAtCopy },
  { mirror: "upload", look: lookAtUpload },
];

async function lookAtOverlay(trial: Trial): Promise<Look> {
  const volume = volumeName(trial.labels);
  const found: Finding[] = [];
  const problem = await attempt(trial, {
    make: (parts) =>
      makeOverlayMirror(trial.docker, parts, {
        volume,
        uid: trial.uid,
        labels: { ...trial.labels },
      }),
    async whileMounted(folder) {
      found.push(
        told("whiteouts", await makesWhiteouts(join(folder, "whiteout")), {
          yes: "this machine can make them: near commits are laid over one another",
          no: "this machine cannot make them: every commit is checked out",
        }),
        told("second mount", await refusesSecondMount(trial, volume), {
          yes: "a layer that is in use is refused",
          no: "a layer that is in use could be mounted again",
        }),
      );
    },
  });
  return { found: [verdict("overlay", problem), ...found], problem };
}

async function lookAtCopy(trial: Trial): Promise<Look> {
  const unseen = await attemptToSee(trial);
  const folder = verdict("folder", unseen);
  if (unseen !== undefined) return { found: [folder], problem: unseen };
  const problem = await attempt(trial, { make: (parts) => makeCopiedMirror(parts, trial.uid) });
  return { found: [folder, verdict("copy", problem)], problem };
}

async function lookAtUpload(trial: Trial): Promise<Look> {
  const site = { ...trial, volume: volumeName(trial.labels) };
  const problem = await attempt(trial, { make: (parts) => makeUploadedMirror(parts, site) });
  return { found: [verdict("upload", problem)], problem };
}

function verdict(name: string, problem: string | undefined): Finding {
  return { name, ok: problem === undefined, detail: problem ?? "works" };
}

function told(name: string, ok: boolean, { yes, no }: { yes: string; no: string }): Finding {
  return { name, ok, detail: ok ? yes : no };
}

function hintFor(mirror: MirrorProbe["mirror"], facts: EngineFacts): string {
  if (mirror === "upload") return "";
  if (facts.dockerDesktop) return " (Docker Desktop has its own machine)";
  return facts.rootless ? " (the engine is rootless)" : "";
}
