import { mendOr } from "../mend.ts";
import type { Stages } from "../task-graph.ts";
import type { Workbench } from "../workbench.ts";
import { admit } from "./admit.ts";
import { correct } from "./correct.ts";
import { diagnose } from "./diagnose.ts";
import { merge } from "./merge.ts";
import { plan } from "./plan.ts";
import { prepare } from "./prepare.ts";
import { propose } from "./propose.ts";
import { repair } from "./repair.ts";
import { resolve } from "./resolve.ts";
import { update } from "./update.ts";
import { verify } from "./verify.ts";
import { work } from "./work.ts";

/** The stages of one task, at one workbench. */
export function createStages(bench: Workbench): Stages {
  return {
    admit: admit(bench),
    prepare: prepare(bench),
    diagnose: diagnose(bench),
    resolve: resolve(bench),
    repair: repair(bench),
    plan: plan(bench),
    work: work(bench),
    merge: merge(bench),
    verify: verify(bench),
    correct: mendOr(bench, correct(bench)),
    propose: propose(bench),
    update: update(bench),
  };
}
