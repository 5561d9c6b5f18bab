import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { seeSessions } from "../../../sandbox/inspect/sessions.ts";
import { type SessionRecord, writeRecord } from "../../../sandbox/session-record.ts";
import { noDocker } from "../test-sandbox.ts";

const NOW = Date.parse("2026-06-01T12:00:00Z");
const LIVING = "0123456789abcdef";
const noEngine = new Docker({ socketPath: "/nonexistent/docker.sock" });

let layersFolder = "";
beforeEach(async () => {
  layersFolder = await mkdtemp(join(tmpdir(), "nexus-sessions-"));
});
afterEach(() => rm(layersFolder, { recursive: true, force: true }));

async function write(session: string, changes: Partial<SessionRecord>): Promise<void> {
  await mkdir(join(layersFolder, session));
  await writeRecord(layersFolder, {
    version: 1,
    state: "open",
    session,
    taskId: "t",
    gitDir: "/g",
    commit: "c".repeat(40),
    image: "sha256:1",
    containerId: "f".repeat(64),
    user: "1:1",
    mirror: "overlay",
    tree: { folders: [] },
    layers: [],
    env: {},
    openedAt: "2026-06-01T11:00:00.000Z",
    ...changes,
  });
}

const see = (docker: Docker) =>
  seeSessions(
    {
      docker,
      owner: "nobody-at-all",
      layersFolder,
      presence: { lifeOf: async (name) => (name === LIVING ? "living" : "gone") },
    },
    NOW,
  );

describe("sessions", () => {
  it("are numbered within their task by age, and known as far as they can be without an engine", async () => {
    const held = { state: "held", heldUntil: "2026-06-01T13:00:00.000Z" } as const;
    await write(`${LIVING}-young`, { openedAt: "2026-06-01T11:30:00.000Z" });
    await write("fedcba9876543210-old", held);
    await write("fedcba9876543210-over", {
      ...held,
      taskId: "u",
      heldUntil: held.heldUntil.replace("13", "10"),
    });
    await mkdir(join(layersFolder, "no-record"));
    await mkdir(join(layersFolder, "bad"));
    await writeFile(join(layersFolder, "bad", "session.json"), "{");

    const seen = await see(noEngine);

    expect(seen.map(({ record, number, state }) => [record.taskId, number, state])).toEqual([
      ["t", 1, "held"],
      ["u", 1, "left behind"],
      ["t", 2, "unknown"],
    ]);
  });

  it.skipIf(noDocker)("whose container is gone are over", async () => {
    await write(`${LIVING}-a`, {});

    expect((await see(new Docker())).map(({ state }) => state)).toEqual(["over"]);
  });

  it("are none where there is no folder", async () => {
    await rm(layersFolder, { recursive: true });

    expect(await see(noEngine)).toEqual([]);
  });
});
