import { framed } from "../core/data-frame.ts";
import type { Message } from "../core/model.ts";
import type { Department, WorkItem } from "../core/plan.ts";
import { render } from "../core/render.ts";
import { visible } from "../core/untrusted.ts";
import type { Prompts } from "./prompts.ts";

/** What a worker is told of its item. All of its text comes from people or models, and is hostile. */
export interface Assignment {
  readonly item: WorkItem;
  /** What was asked for on the platform. */
  readonly request: string;
  readonly planSummary: string;
  /** What became known since the plan, such as the output of a check that is still red. */
  readonly notes: string;
}

const LIMITS = { title: 200, goal: 4_000, request: 8_000, summary: 1_000, notes: 32_000 };

/** The first two messages of a worker's history. */
export function openingMessages(prompts: Prompts, assignment: Assignment): readonly Message[] {
  const { item, request, planSummary, notes } = assignment;
  const department = render(prompts[departmentPrompt(item.department)], {});
  return [
    { role: "system", text: render(prompts.worker, { department }) },
    {
      role: "user",
      text: render(prompts["worker-assignment"], {
        id: item.id,
        title: framed("title", item.title, LIMITS.title),
        goal: framed("goal", item.goal, LIMITS.goal),
        paths: item.paths.map((path) => `- ${visible(path)}`).join("\n"),
        request: framed("request", request, LIMITS.request),
        summary: framed("plan", planSummary, LIMITS.summary),
        notes: notes.trim() === "" ? "None." : framed("notes", notes, LIMITS.notes),
      }),
    },
  ];
}

function departmentPrompt(department: Department): `department-${Department}` {
  return `department-${department}`;
}
