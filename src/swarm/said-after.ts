import { framed } from "../core/data-frame.ts";
import type { Message } from "../core/model.ts";
import { render } from "../core/render.ts";
import type { Prompts } from "./prompts.ts";
import type { Step } from "./step.ts";

const MAX_MESSAGE = 2000;

/** What a worker is told after a step, beside the results of its calls: the same for the same step. */
export function saidAfter(step: Step, isIdle: boolean, prompts: Prompts): readonly Message[] {
  const heard = (step.heard ?? []).map(({ from, text }) =>
    framed(`message from ${from}`, text, MAX_MESSAGE),
  );
  const texts = [
    ...(step.calls.length === 0 ? [render(prompts[nudge(step)], {})] : []),
    ...(isIdle ? [render(prompts["worker-idle"], {})] : []),
    ...(heard.length > 0 ? [render(prompts["worker-heard"], { messages: heard.join("\n") })] : []),
  ];
  return texts.length === 0 ? [] : [{ role: "user", text: texts.join("\n\n") }];
}

/** What is said after a reply without a call. */
function nudge({ stop }: Step): "worker-cut-off" | "worker-reminder" {
  return stop === "length" ? "worker-cut-off" : "worker-reminder";
}
