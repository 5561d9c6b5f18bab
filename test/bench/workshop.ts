import { openModel } from "../../src/models/open-model.ts";
import type { StageName } from "../../src/pipeline/task-graph.ts";
import { openLocalRoad, type RoadTask } from "../world/local-road.ts";
import type { Script } from "../world/model/script.ts";
import { startScriptedModel } from "../world/model/scripted-model.ts";

const LIMIT_MS = 600_000;

interface Job {
  readonly files: Readonly<Record<string, string>>;
  readonly script: Script;
  /** Workers at once. */
  readonly workers: number;
  readonly tell?: RoadTask["tell"];
  /** Places that several tasks share. */
  readonly slots?: RoadTask["slots"];
}

export interface Workshop extends AsyncDisposable {
  /** Runs one task to its pull request; seconds of each stage. Throws where the task ends otherwise. */
  run(job: Job): Promise<ReadonlyMap<StageName, number>>;
}

/** The product's own road in this process, with a model that answers by a script over HTTP. */
export async function openWorkshop(): Promise<Workshop> {
  const road = await openLocalRoad("bench");
  return {
    async run({ files, script, workers, tell, slots }) {
      await using server = await startScriptedModel(script);
      const bounds = { baseUrl: server.url, timeoutMs: LIMIT_MS };
      const model = openModel({ provider: "local", model: "scripted", ...bounds });
      const limits = { workers, corrections: 0 };
      const request = "say yes";
      const { outcome, seconds } = await road.run({ files, request, model, limits, tell, slots });
      if (outcome.kind === "proposed") return seconds;
      throw new Error(`The task ended otherwise: ${JSON.stringify(outcome)}`);
    },
    [Symbol.asyncDispose]: () => road[Symbol.asyncDispose](),
  };
}
