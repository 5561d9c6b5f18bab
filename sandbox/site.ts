import type Docker from "dockerode";
import type { LogSink } from "./command/log-sink.ts";
import type { SandboxLimits } from "./container/limits.ts";
import type { Attempt, Egress } from "./egress/egress.ts";
import type { Presence } from "./engine/presence.ts";
import type { Environments } from "./environment/environment.ts";
import type { BaseTrees } from "./mirror/base-trees.ts";
import type { Layers } from "./mirror/layers.ts";
import type { OnStep } from "./step.ts";

/** What a session's commands asked of the network. */
export interface SessionAttempts {
  readonly taskId: string;
  readonly session: string;
  readonly attempts: readonly Attempt[];
}

/** Where containers are opened: the engine, Nexus' folders and the rules. */
export interface Site {
  readonly docker: Docker;
  /** A runtime the engine knows by this name; undefined for its own. */
  readonly runtime?: string | undefined;
  /** Nexus' own image, whose tools look after mirrors. */
  readonly image: string;
  readonly mirror: "overlay" | "copy" | "upload";
  readonly owner: string;
  /** Commands run as this user and group. */
  readonly uid: number;
  readonly limits: SandboxLimits;
  readonly bases: BaseTrees;
  readonly layers: Layers;
  /** Folder that holds a folder of each session's own. */
  readonly layersFolder: string;
  readonly environments: Environments;
  readonly egress: Egress;
  readonly presence: Presence;
  /** Sessions that are open here now, those that wait in slots too. */
  readonly inUse: Set<string>;
  /** Those of them that are to be kept when they are closed. */
  readonly toHold: Set<string>;
  readonly holdMs: number;
  /** Nothing is opened where the disk of Nexus' folder has less than this left. */
  readonly minFreeBytes: number;
  readonly onStep: OnStep;
  readonly onAttempts: (seen: SessionAttempts) => void;
  /** Takes the whole output of a task's command that writes more than is kept of it. */
  readonly openLog?: ((taskId: string) => LogSink) | undefined;
  /** Hears the cleaned output of a task's commands as it comes. */
  readonly onOutput?: ((taskId: string, text: string) => void) | undefined;
}
