import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type ReplayRun, replayTask } from "../../../../src/cli/replay/replay-task.ts";
import { replayRun } from "../../../../src/pipeline/replay.ts";
import type { Row } from "../../../../src/pipeline/trajectory.ts";
import { sampleOutcome, sampleTask } from "../../../contracts/samples.ts";
import { memoryLedger } from "../../../fakes/memory-ledger.ts";
import { createMemoryRecord } from "../../../fakes/memory-record.ts";
import { swarmPrompts } from "../../../fakes/swarm-prompts.ts";
import {
  FOLDER,
  readTrajectory,
  replayWorld,
} from "../../pipeline/trajectories/trajectory-file.ts";

const trajectory = readTrajectory(readFileSync(new URL("edits-one-file.jsonl", FOLDER), "utf8"));

/** A task that has ended with these rows, and what `nexus replay` says of it. */
async function replaying(rows: readonly Row[], again: ReplayRun) {
  const memory = createMemoryRecord();
  await memory.inbox.accept(sampleTask("task-1"), []);
  const claimed = await memory.tasks.claim("task-1", { worker: "w", leaseMs: 60_000 });
  for (const row of rows) await memory.journal.step("task-1", "mend-sums", row);
  await memory.tasks.finish({ taskId: "task-1", epoch: claimed?.epoch ?? 0 }, sampleOutcome, []);
  const said = { out: "", err: "" };
  const code = await replayTask("task", {
    record: { ...memory, ledger: memoryLedger() },
    replayRun: again,
    redact: (text) => text.replaceAll("hush", "[secret]"),
    out: (text) => (said.out += text),
    err: (text) => (said.err += text),
  });
  return { code, ...said };
}

/** In a repository of its own, with these prompts. */
function really(files: typeof trajectory.files, prompts = swarmPrompts): ReplayRun {
  return async (task, { rows }) => {
    await using world = await replayWorld(files);
    const here = rows.map((row) =>
      row.kind === "assigned" ? { ...row, commit: world.commit } : row,
    );
    return await replayRun(here, { ...world, task, prompts });
  };
}

describe("nexus replay", () => {
  it("says of each run that it is the same", async () => {
    const { rows, files } = trajectory;
    const cut = rows.slice(0, 2);

    const said = await replaying([...cut, ...rows], really(files));

    expect(said).toEqual({
      code: 0,
      err: "",
      out: expect.stringMatching(
        /^mend-sums {2}same: 1 step, as far as it was recorded\nmend-sums {2}same: 3 steps, tree \w{40}\n$/,
      ),
    });
  });

  it("says where a run differs since the prompts were changed", async () => {
    const { rows, files } = trajectory;
    const prompts = { ...swarmPrompts, worker: `${swarmPrompts.worker}\nBe quick.\n` };

    const said = await replaying(rows, really(files, prompts));

    expect(said).toEqual({
      code: 1,
      err: "",
      out: "mend-sums  different: step 1 asks otherwise: the prompts, or what they tell of the task\n",
    });
  });

  it.each<[string, ReplayRun, string]>([
    [
      "why one cannot be replayed",
      async () => ({ kind: "impossible", why: "hush \u001b[2J gone" }),
      "mend-sums  cannot be replayed: [secret] [2J gone\n",
    ],
    [
      "how many commands said something else",
      async () => ({ kind: "same", steps: 2, tree: undefined, otherWords: 3, isWhole: true }),
      "mend-sums  same: 2 steps, other words of 3 commands or answers\n",
    ],
  ])("says %s", async (_what, again, out) => {
    const said = await replaying(trajectory.rows, again);

    expect(said.out).toBe(out);
    expect(said.code).toBe(out.includes("same") ? 0 : 1);
  });

  it("says so where nothing is recorded any more", async () => {
    const said = await replaying([], async () => Promise.reject(new Error("nothing to replay")));

    expect(said).toEqual({
      code: 1,
      out: "",
      err: "nexus: Nothing of this task's workers is recorded, or not any more.\n",
    });
  });
});
