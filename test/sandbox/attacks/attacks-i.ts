import { type Attack, shell } from "./attack.ts";

const RUNS = 8;

/** Lives beside each other. */
export const ATTACKS_I: readonly Attack[] = [
  {
    id: "I5",
    what: "the trees and results of others: eight at once on one tree, one of which destroys all it has",
    stage: async ({ open }) => {
      const runs = Array.from({ length: RUNS }, async (_, at) => {
        await using session = await open(`i5-${at}`);
        const script =
          at === 0
            ? "rm -rf /workspace/* .git; kill -9 -1; exit 7"
            : `echo ${at} > own; cat src/a.txt`;
        const { exitCode, output } = await session.run(shell(script));
        const edits = await session.changes();
        return at === 0 ? [exitCode] : [exitCode, output, ...edits.map(({ path }) => path)];
      });
      const ended = await Promise.allSettled(runs);
      return ended.map((end) => (end.status === "fulfilled" ? end.value : String(end.reason)));
    },
    comes: [[7], ...Array.from({ length: RUNS - 1 }, () => [0, "a\n", "own"])],
  },
  {
    id: "I1",
    what: "an engine that is down, restarted or hangs",
    provenIn: "test/sandbox/engine/presence.test.ts",
  },
];
