import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { describe, expect, it, onTestFinished } from "vitest";
import { sampleOutcome } from "../../../contracts/samples.ts";
import { leftovers } from "../../../sandbox/engine-world.ts";
import { noDocker } from "../../../sandbox/test-sandbox.ts";
import { openedStore } from "../../../world/opened-store.ts";
import { runNexus } from "../../../world/run-nexus.ts";
import {
  FOLDER,
  readTrajectory,
  replayWorld,
} from "../../pipeline/trajectories/trajectory-file.ts";

describe.skipIf(noDocker)(
  "nexus replay, with the record, the mirror and the sandbox of an installation",
  () => {
    it("does a finished task over again behind the walls, and leaves nothing", async () => {
      const text = readFileSync(
        new URL("corrects-itself-after-a-red-command.jsonl", FOLDER),
        "utf8",
      );
      const { files, task, rows } = readTrajectory(text);
      const world = await replayWorld(files);
      onTestFinished(() => world[Symbol.asyncDispose]());
      const { database, store } = await openedStore();
      await store.inbox.accept(task, []);
      const claimed = await store.tasks.claim(task.id, { worker: "w", leaseMs: 60_000 });
      for (const row of rows) {
        const here = row.kind === "assigned" ? { ...row, commit: world.commit } : row;
        await store.journal.step(task.id, "mend-sums", here);
      }
      const lease = { taskId: task.id, epoch: claimed?.epoch ?? 0 };
      await store.tasks.finish(lease, sampleOutcome, []);
      const owner = `replay-${world.commit.slice(0, 8)}`;

      const env = {
        DATABASE_URL: database.url,
        NEXUS_FOLDER: world.folder,
        SANDBOX_OWNER: owner,
      };
      const said = await runNexus(["replay", task.id], { cwd: tmpdir(), env });

      // Node.js itself is another one in the sandbox: what it prints of an error may differ, what was done may not.
      expect(said).toEqual({
        code: 0,
        err: "",
        out: expect.stringMatching(
          /^mend-sums {2}same: 6 steps, tree \w{40}(?:, other words of .*)?\n$/,
        ),
      });
      expect(await leftovers(owner)).toBe(0);
    });
  },
);
