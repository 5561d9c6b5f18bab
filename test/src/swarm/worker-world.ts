import { expect } from "vitest";
import type { ModelRequest } from "../../../src/core/model.ts";
import type { SandboxSession } from "../../../src/core/sandbox.ts";
import type { Assignment } from "../../../src/swarm/assignment.ts";
import type { Seat } from "../../../src/swarm/board.ts";
import type { WorkerLimits } from "../../../src/swarm/limits.ts";
import type { CommandRules } from "../../../src/swarm/policy/command-gate.ts";
import type { Step } from "../../../src/swarm/step.ts";
import { createWorker } from "../../../src/swarm/worker.ts";
import {
  call,
  calling,
  type FakeModel,
  type FakeReply,
  fakeModel,
} from "../../fakes/fake-model.ts";
import type { FolderSession } from "../../fakes/folder-session.ts";
import { swarmPrompts } from "../../fakes/swarm-prompts.ts";

/** The work item of every test. */
export const ASSIGNMENT: Assignment = {
  item: {
    id: "greet-1",
    title: "Greet",
    department: "backend",
    goal: "greet(name) greets.",
    paths: ["src/**"],
    dependsOn: [],
  },
  request: "make it greet",
  planSummary: "Greets by name.",
  notes: "",
};
/** The reply with which a worker ends its work. */
export const finish = (summary: unknown = "Done.") => calling(call("finish", { summary }));
/** A call that runs a command. */
export const run = (command: string) => call("run", { command });

/** A call that changes a file. */
export function edit(path: string, old: string, to: string) {
  return call("edit", { path, old, new: to });
}

interface Set {
  readonly session: SandboxSession;
  readonly assignment?: Partial<Assignment>;
  readonly limits?: Partial<WorkerLimits>;
  readonly signal?: AbortSignal;
  readonly seat?: Seat;
  readonly context?: (question: string) => Promise<string>;
  readonly commands?: CommandRules;
  readonly now?: () => number;
}

/** A worker at its item with a model that gives these replies. */
export function workWith(
  replies: readonly FakeReply[] | ((request: ModelRequest, turn: number) => FakeReply),
  {
    session,
    assignment = {},
    limits = {},
    now,
    signal = new AbortController().signal,
    ...offered
  }: Set,
) {
  const model = fakeModel(replies);
  const saved: Step[] = [];
  const worker = createWorker({ model, prompts: swarmPrompts, limits, ...(now && { now }) });
  const result = worker.work(
    { ...ASSIGNMENT, ...assignment },
    { session, signal, ...offered, onStep: (step) => void saved.push(step) },
  );
  return { model, saved, result };
}

/** The commands that were run for the model, without the looks at what they left. */
export function commandsOf({ commands }: FolderSession): readonly (readonly string[])[] {
  return commands.filter(([, , script]) => !script?.includes("| sort | sha1sum"));
}

/** What providers demand of a history, and what we do: nothing once said is changed. */
export function expectSound(model: FakeModel): void {
  for (const [turn, { messages }] of model.requests.entries()) {
    const before = model.requests[turn - 1]?.messages ?? [];
    expect(messages.slice(0, before.length)).toEqual(before);
    const asked = messages.flatMap((message) =>
      message.role === "assistant" ? message.calls : [],
    );
    const answered = messages.flatMap((message) => (message.role === "tool" ? message.callId : []));
    expect(asked.map(({ id }) => id)).toEqual(answered);
    expect(new Set(answered).size).toBe(answered.length);
    for (const { name, input } of asked) {
      expect(name).toMatch(/^[\w-]{1,64}$/);
      expect(JSON.parse(input)).toBeTypeOf("object");
    }
  }
}
