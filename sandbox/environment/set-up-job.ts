import type Docker from "dockerode";
import type { FrozenTree } from "../changes/frozen-tree.ts";
import type { Labels } from "../container/container.ts";
import type { SandboxLimits } from "../container/limits.ts";
import type { Egress } from "../egress/egress.ts";
import type { SetUpPlan } from "./set-up-plan.ts";

/** Where set-ups run, and under which rules. */
export interface SetUpSite {
  readonly docker: Docker;
  /** Nexus' own image. */
  readonly image: string;
  readonly uid: number;
  readonly limits: SandboxLimits;
  readonly egress: Egress;
  readonly setUpTimeoutMs: number;
  readonly runtime?: string | undefined;
  /** True for a runtime that no way out can be opened for; undefined: by its name. */
  readonly isApart?: ((runtime: string) => boolean) | undefined;
  readonly certificates?: string | undefined;
  /** How mirrors are made: an engine to which they are uploaded does not see Nexus' folder. */
  readonly mirrorKind?: (() => Promise<"overlay" | "copy" | "upload">) | undefined;
}

/** One set-up. */
export interface SetUp {
  readonly plan: SetUpPlan;
  readonly tree: FrozenTree;
  /** Digest of the image to start from. */
  readonly image: string;
  readonly labels: Labels;
  readonly hosts: readonly string[];
  /** True where the repository itself names hosts. */
  readonly reaches: boolean;
  /** Empty folder of its own. */
  readonly folder: string;
}
