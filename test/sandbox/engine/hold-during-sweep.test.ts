import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { expect, it, onTestFinished } from "vitest";
import { keepPresence } from "../../../sandbox/engine/presence.ts";
import { sweepAway } from "../../../sandbox/engine/sweep.ts";
import { sessionName } from "../../../sandbox/session-name.ts";
import { type SessionRecord, writeRecord } from "../../../sandbox/session-record.ts";
import { noDocker } from "../test-sandbox.ts";

function heldRecord(session: string): SessionRecord {
  return {
    version: 1,
    state: "held",
    session,
    taskId: "t",
    gitDir: "/none",
    commit: "a".repeat(40),
    image: "sha256:1",
    containerId: "none",
    user: "1:1",
    mirror: "overlay",
    tree: { folders: [] },
    layers: [],
    env: {},
    openedAt: new Date().toISOString(),
    heldUntil: new Date(Date.now() + 3_600_000).toISOString(),
  };
}

it.skipIf(noDocker)("a session that is held and closed during a sweep stays", async () => {
  const folder = await mkdtemp(join(tmpdir(), "nexus-sweep-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const presence = keepPresence(join(folder, "processes"));
  const layersFolder = join(folder, "layers");
  const process = await presence.enter();
  const [held, left] = [sessionName(process), sessionName(process)];
  for (const session of [held, left]) await mkdir(join(layersFolder, session), { recursive: true });
  const inUse = new Set([held]);
  const removed: string[] = [];
  const layers = {
    create: async () => "",
    remove: async (session: string) => void removed.push(session),
    // The sweep is under way when its last question is asked.
    async sessions() {
      await writeRecord(layersFolder, heldRecord(held));
      inUse.delete(held);
      return [held, left];
    },
  };

  const owner = `test-${randomUUID()}`;
  await sweepAway(new Docker(), { owner, layers, layersFolder, inUse, presence }, []);

  expect(removed).toEqual([left]);
});
