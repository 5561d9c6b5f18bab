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
  rowsOver,
} from "../../pipeline/trajectories/trajectory-file.ts";

function recorded(name: string) {
  return readTrajectory(readFileSync(new URL(`${name}.jsonl`, FOLDER), "utf8"));
}

const trajectory = recorded("edits-one-file");

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
    const here = rowsOver(world.commit, rows);
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
      "mend-sums  same: 2 steps, 3 results in other words\n",
    ],
  ])("says %s", async (_what, again, out) => {
    const said = await replaying(trajectory.rows, again);

    expect(said.out).toBe(out);
    expect(said.code).toBe(out.includes("same") ? 0 : 1);
  });

  it("does the architect's plan over again, too, also one that was begun twice", async () => {
    const { rows, files } = recorded("architect-looks-up-then-plans");
    const cut = rows.slice(0, 2);

    const said = await replaying([...cut, ...rows], really(files));

    const out = [
      "mend-sums  same: 1 step, as far as it was recorded",
      "mend-sums  same: 4 steps, a plan of 1 work item",
      "",
    ].join("\n");
    expect(said).toEqual({ code: 0, err: "", out });
  });

  it("passes no run over in silence of which an older version did not record what it was given", async () => {
    const { files, rows } = recorded("architect-plans-at-once");
    const steps = rows.filter(({ kind }) => kind === "step");

    const said = await replaying(steps, really(files));

    const why = "what it was given was not recorded, as by an older version";
    expect(said).toEqual({ code: 1, err: "", out: `mend-sums  cannot be replayed: ${why}\n` });
  });

  it("says so where nothing is recorded any more", async () => {
    const said = await replaying([], async () => Promise.reject(new Error("nothing to replay")));

    expect(said).toEqual({
      code: 1,
      out: "",
      err: "nexus: No step of a model is recorded of this task, or not any more.\n",
    });
  });
});
