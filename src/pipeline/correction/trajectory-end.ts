import { clip } from "../../core/clip.ts";
import type { Step } from "../../swarm/step.ts";

const LAST = 8;
const LONGEST = { text: 1_500, input: 600, result: 800, all: 12_000 };

/** What an agent did and was told last, for whoever goes on with its work. Hostile text. */
export function trajectoryEnd(steps: readonly Step[]): string {
  const told = steps.slice(-LAST).map(({ number, text, calls }) => {
    const words = text.trim() === "" ? [] : [clip(text.trim(), LONGEST.text)];
    const called = calls.map(
      ({ name, input, kind, result }) =>
        `${name} ${clip(input, LONGEST.input)}\n→ ${kind}: ${clip(result, LONGEST.result)}`,
    );
    return [`Step ${number}:`, ...words, ...called].join("\n");
  });
  return clip(told.join("\n\n"), LONGEST.all);
}

/** Who gave these replies, each once. */
export function modelsOf(steps: readonly Step[]): string[] {
  const names = steps.flatMap(({ served }) =>
    served ? [`${served.provider}:${served.model}`] : [],
  );
  return [...new Set(names)];
}

/** Where the end of the trajectory of a work item is remembered. */
export function trajectoryKey(item: string): string {
  return `trajectory/${item}`;
}
