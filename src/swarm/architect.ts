import { clip } from "../core/clip.ts";
import { framed } from "../core/data-frame.ts";
import type { CheckResult } from "../core/evidence.ts";
import type { Message, Model } from "../core/model.ts";
import type { Plan } from "../core/plan.ts";
import { render } from "../core/render.ts";
import { visible } from "../core/untrusted.ts";
import { addUsage, NO_USAGE, type Usage } from "../core/usage.ts";
import { type Answered, ask } from "./ask.ts";
import { readPlan, SUBMIT_PLAN } from "./plan-reply.ts";
import type { Prompts } from "./prompts.ts";
import { type CallStep, messagesOf, recorded, type Step, withOwnIds } from "./step.ts";

/** What the architect is told of a task. All of its text is hostile, and shown within bounds. */
export interface Brief {
  readonly request: string;
  readonly issue: { readonly title: string; readonly body: string };
  /** Paths of all files of the repository. */
  readonly paths: readonly string[];
  /** Files that explain the repository: README, manifests. */
  readonly files: readonly { readonly path: string; readonly content: string }[];
  /** The repository's checks as they came out on the base commit. */
  readonly checks: readonly CheckResult[];
  /** Programs, or programs with their first words, that the repository forbids. */
  readonly deny?: readonly string[] | undefined;
  /** Files that the request is most likely about, best first, each with why and the lines that say so. */
  readonly found?: readonly FoundFile[];
  /** What the default branch tells people and programs who change the repository. */
  readonly rules?: readonly { readonly path: string; readonly content: string }[];
  /** An earlier plan with what people said to it: answers to its questions, and changes that they want. */
  readonly revision?: Revision | undefined;
}

interface FoundFile {
  readonly path: string;
  readonly reasons: readonly string[];
  readonly lines: readonly { readonly line: number; readonly text: string }[];
}

/** A plan that was shown to people, and their words on it. */
export interface Revision {
  readonly plan: Plan;
  /** Hostile text. */
  readonly reply: string;
}

/** A plan that can be worked on, or why the model did not come up with one. */
type PlanResult = { readonly usage: Usage; readonly steps: readonly Step[] } & (
  | { readonly kind: "planned"; readonly plan: Plan }
  | { readonly kind: "malformed"; readonly reason: string }
);

/** What goes on while the architect thinks. */
interface Planning {
  readonly signal: AbortSignal;
  /** Saves one step; the next begins when it is saved. */
  readonly onStep?: (step: Step) => Promise<void> | void;
}

/** The agent that turns a task into a plan. */
export interface Architect {
  /** Throws what the model throws: NexusError `model.*` and `aborted`. */
  plan(brief: Brief, planning: Planning): Promise<PlanResult>;
}

/** How often a plan goes back to the model. */
const MAX_CORRECTIONS = 3;

/** An architect that keeps nothing between two plans. */
export function createArchitect({ model, prompts }: { model: Model; prompts: Prompts }): Architect {
  return {
    async plan(brief, { signal, onStep }) {
      const history: Message[] = [
        { role: "system", text: render(prompts.architect, {}) },
        { role: "user", text: renderBrief(prompts, brief) },
      ];
      const steps: Step[] = [];
      let usage = NO_USAGE;
      let reason = "";
      while (steps.length <= MAX_CORRECTIONS) {
        const request = { messages: [...history], tools: [SUBMIT_PLAN], mustCall: true };
        const reply = await ask(model, request, signal);
        usage = addUsage(usage, reply.usage);
        const read = readPlan(reply, { files: brief.paths, deny: brief.deny });
        const answer = "plan" in read ? ACCEPTED : refused(prompts, read.problem);
        const step = judged(steps.length + 1, reply, answer);
        steps.push(step);
        await onStep?.(step);
        if ("plan" in read) return { kind: "planned", plan: read.plan, usage, steps };
        reason = read.problem;
        history.push(...messagesOf(step));
        if (step.calls.length === 0) history.push({ role: "user", text: answer.result });
      }
      return { kind: "malformed", reason, usage, steps };
    },
  };
}

type Answer = Pick<CallStep, "kind" | "result">;

const ACCEPTED: Answer = { kind: "done", result: "Accepted." };

function refused(prompts: Prompts, problem: string): Answer {
  return { kind: "malformed", result: render(prompts["architect-correction"], { problem }) };
}

const MAX_CALLS = 16;

/** Every call of the reply gets the same answer: which of several was meant cannot be known. */
function judged(number: number, reply: Answered, answer: Answer): Step {
  const calls = withOwnIds(reply.calls.slice(0, MAX_CALLS));
  return recorded(
    number,
    reply,
    calls.map((call) => ({ ...call, ...answer })),
  );
}

const LIMITS = {
  request: 8_000,
  title: 500,
  body: 16_000,
  paths: 40_000,
  file: 8_000,
  files: 48_000,
  checks: 20,
  checkOutput: 4_000,
};

function renderBrief(prompts: Prompts, brief: Brief): string {
  return render(prompts["architect-brief"], {
    request: framed("request", brief.request, LIMITS.request),
    title: framed("issue title", brief.issue.title, LIMITS.title),
    body: framed("issue body", brief.issue.body, LIMITS.body),
    paths: listing(brief.paths),
    files: contents(brief.files),
    checks: outcomes(brief.checks),
  });
}

function listing(paths: readonly string[]): string {
  let length = 0;
  const shown = paths.filter((path) => {
    length += path.length + 1;
    return length <= LIMITS.paths;
  });
  // One path a line, whatever a path holds.
  const lines = shown.map((path) => visible(path).replaceAll("\n", " ")).join("\n");
  const missing = paths.length - shown.length;
  const rest = missing > 0 ? `\n${missing} more paths are left out.` : "";
  return framed("paths", lines, LIMITS.paths) + rest;
}

function contents(files: Brief["files"]): string {
  let length = 0;
  const shown = files.filter(({ content }) => {
    length += Math.min(content.length, LIMITS.file);
    return length <= LIMITS.files;
  });
  const missing = files.length - shown.length;
  const frames = shown.map(({ path, content }) => framed(`file ${path}`, content, LIMITS.file));
  if (missing > 0) frames.push(`${missing} more files are left out.`);
  return frames.join("\n\n") || "None.";
}

function outcomes(checks: Brief["checks"]): string {
  const frames = checks.slice(0, LIMITS.checks).map((check) => {
    const ending = check.passed ? "passes" : `fails (${check.ending}, exit code ${check.exitCode})`;
    const output = check.passed ? "" : clip(check.output, LIMITS.checkOutput);
    return framed(
      `check ${check.name}`,
      `${clip(check.command, 500)}\n${ending}\n${output}`,
      LIMITS.checkOutput + 1000,
    );
  });
  const missing = checks.length - frames.length;
  if (missing > 0) frames.push(`${missing} more checks are left out.`);
  return frames.join("\n\n") || "None.";
}
