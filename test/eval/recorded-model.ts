import type { Script } from "../world/model/script.ts";
import type { Recording } from "./eval-task.ts";

/** The model of a recording: what comes next hangs on the conversation alone, and nothing comes after its end. */
export function recordedModel({ plan, workers }: Recording): Script {
  return ({ agent, body }) => {
    if (agent.tools.includes("submit_plan"))
      return { calls: [{ name: "submit_plan", input: plan }] };
    const { workItem = "" } = agent;
    const replies = body.messages.filter(({ role }) => role === "assistant").length;
    const calls = workers[workItem]?.[replies];
    if (!calls) throw new Error(`The recording has no turn ${replies + 1} of "${workItem}".`);
    return { calls };
  };
}
