import { answersRepository } from "../../e2e/answers.ts";
import type { ChatRequest } from "../../world/model/chat-wire.ts";
import type { Script } from "../../world/model/script.ts";

/** A task of independent work items, as a model worked on it, and how long that took for each reply. */
export interface RecordedSwarm {
  readonly files: Readonly<Record<string, string>>;
  readonly script: Script;
  /** What all replies to the workers take together, and those of each item. */
  readonly modelMs: number;
  readonly itemMs: readonly number[];
}

/** Between one and four seconds, as replies of large models come. */
const SECONDS = [
  2.1, 1.4, 3.6, 1.9, 2.8, 1.2, 3.9, 2.3, 1.7, 3.1, 2.6, 1.1, 3.3, 2.0, 1.5, 2.9, 3.7, 1.3, 2.4,
  1.8, 3.4, 2.2, 1.6, 2.7, 4.0, 1.0, 3.0, 2.5,
];
/** Read, edit, finish. */
const REPLIES = 3;

/** So many items of three replies each; `latencyMs` instead of what was recorded. */
export function recordedSwarm(items: number, latencyMs?: number): RecordedSwarm {
  const names = Array.from({ length: items }, (_, at) => `item-${at + 1}`);
  const latency = (item: number, turn: number) =>
    latencyMs ?? (SECONDS[(item * REPLIES + turn) % SECONDS.length] ?? 1) * 1_000;
  const itemMs = names.map((_, item) =>
    Array.from({ length: REPLIES }, (__, turn) => latency(item, turn)).reduce((a, b) => a + b),
  );
  return {
    files: answersRepository(names),
    itemMs,
    modelMs: itemMs.reduce((a, b) => a + b, 0),
    script({ agent, body }) {
      if (agent.tools.includes("submit_plan")) {
        const input = { summary: "Say yes.", items: names.map(itemOf), checks: [] };
        return { delayMs: latencyMs ?? 1_000, calls: [{ name: "submit_plan", input }] };
      }
      const name = agent.workItem ?? "";
      const turn = turnOf(body);
      return { delayMs: latency(names.indexOf(name), turn), calls: [callOf(name, turn)] };
    },
  };
}

function itemOf(name: string) {
  const paths = [`${name}.txt`];
  const goal = `Say yes in ${name}.txt.`;
  return { id: name, title: `Answer ${name}`, department: "backend", goal, paths, dependsOn: [] };
}

function callOf(name: string, turn: number) {
  const path = `${name}.txt`;
  if (turn === 0) return { name: "read", input: { path } };
  if (turn === 1) return { name: "edit", input: { path, old: "no\n", new: "yes\n" } };
  return { name: "finish", input: { summary: "It says yes." } };
}

function turnOf({ messages }: ChatRequest): number {
  return messages.filter(({ role }) => role === "assistant").length;
}
