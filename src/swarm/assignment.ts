import { framed } from "../core/data-frame.ts";
import type { Message } from "../core/model.ts";
import type { Department, WorkItem } from "../core/plan.ts";
import { render } from "../core/render.ts";
import { visible } from "../core/untrusted.ts";
import type { Note } from "./board.ts";
import { type CorrectionNotes, correctionText } from "./correction-notes.ts";
import type { Prompts } from "./prompts.ts";

/** What a worker is told of its item. All of its text comes from people or models, and is hostile. */
export interface Assignment {
  readonly item: WorkItem;
  /** What was asked for on the platform. */
  readonly request: string;
  readonly planSummary: string;
  /** What became known since the plan, such as the output of a check that is still red. */
  readonly notes: string;
  /** Said in place of the notes where the item is corrected. */
  readonly correction?: CorrectionNotes | undefined;
  /** The other work items of the plan, to whose workers it may post. */
  readonly team?: readonly Pick<WorkItem, "id" | "title">[];
  /** What workers of the same task found out before. */
  readonly remembered?: readonly Note[];
}

const LIMITS = {
  title: 200,
  goal: 4_000,
  request: 8_000,
  summary: 1_000,
  notes: 32_000,
  remembered: 12_000,
  team: 4_000,
};

/** The first two messages of a worker's history. */
export function openingMessages(prompts: Prompts, assignment: Assignment): readonly Message[] {
  const { item, request, planSummary, team = [], remembered = [] } = assignment;
  const department = render(prompts[departmentPrompt(item.department)], {});
  return [
    { role: "system", text: render(prompts.worker, { department }) },
    {
      role: "user",
      text: render(prompts["worker-assignment"], {
        id: item.id,
        title: framed("title", item.title, LIMITS.title),
        goal: framed("goal", item.goal, LIMITS.goal),
        paths: pathsOf(item),
        reads: item.reads ? listed(item.reads) : "None are named.",
        acceptance: item.acceptance ? listed([item.acceptance.command]) : "None is named.",
        request: framed("request", request, LIMITS.request),
        summary: framed("plan", planSummary, LIMITS.summary),
        notes: notesOf(assignment, prompts),
        team: framedList(
          "team",
          team.map(({ id, title }) => `${id}: ${title}`),
          LIMITS.team,
        ),
        remembered: framedList(
          "remembered",
          remembered.map(({ by, text }) => `${by}: ${text}`),
          LIMITS.remembered,
        ),
      }),
    },
  ];
}

/** The paths it may change, and of files that it shares, the parts. */
function pathsOf({ paths, symbols = [] }: WorkItem): string {
  const parts = symbols.map(
    ({ path, names }) => `${path}: only ${names.join(", ")}, and what is new`,
  );
  return listed([...paths, ...parts]);
}

function listed(lines: readonly string[]): string {
  return lines.map((line) => `- ${visible(line).replaceAll("\n", " ")}`).join("\n");
}

function framedList(label: string, lines: readonly string[], limit: number): string {
  return lines.length === 0
    ? "None."
    : framed(label, lines.map((line) => `- ${line.replaceAll(/\s+/g, " ")}`).join("\n"), limit);
}

function notesOf({ notes, correction }: Assignment, prompts: Prompts): string {
  if (correction) return correctionText(prompts, correction);
  return notes.trim() === "" ? "None." : framed("notes", notes, LIMITS.notes);
}

function departmentPrompt(department: Department): `department-${Department}` {
  return `department-${department}`;
}
