import type { Bench } from "./report.ts";
import { measureManyTasks } from "./swarm/many-tasks.ts";
import { measureScheduling } from "./swarm/scheduling.ts";
import { measureSpeedUp } from "./swarm/speed-up.ts";
import { openWorkshop } from "./workshop.ts";

const TASKS_AT_ONCE = 4;

/** How much faster several workers are than one, what the scheduler takes, and many tasks one after another. */
export const swarm: Bench = {
  async run({ quick, say, tasksAtOnce = TASKS_AT_ONCE }) {
    await using workshop = await openWorkshop();
    const reports = [
      await measureSpeedUp(workshop, { quick, say }),
      await measureScheduling(),
      await measureManyTasks(workshop, { quick, say, tasksAtOnce }),
    ];
    return {
      rows: reports.flatMap(({ rows }) => rows),
      goals: reports.flatMap(({ goals }) => goals),
    };
  },
};
