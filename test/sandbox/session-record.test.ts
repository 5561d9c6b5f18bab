import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withHeld } from "../../sandbox/hold.ts";
import {
  isHeld,
  listRecords,
  readRecord,
  type SessionRecord,
  writeRecord,
} from "../../sandbox/session-record.ts";

const record: SessionRecord = {
  version: 1,
  state: "open",
  session: "s1",
  taskId: "t",
  gitDir: "/repository.git",
  commit: "a".repeat(40),
  image: "sha256:1",
  containerId: "c",
  user: "1:1",
  mirror: "overlay",
  tree: { folders: ["/nexus/bases/aaa/files", "/nexus/bases/bbb/files"] },
  layers: ["/nexus/environments/ccc/layer"],
  env: {},
  openedAt: "2026-01-01T00:00:00.000Z",
};
const held: SessionRecord = {
  ...record,
  state: "held",
  why: "red",
  heldUntil: "2999-01-01T00:00:00.000Z",
};

describe("records of sessions", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "nexus-records-"));
    await mkdir(join(folder, "s1"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("are read as they were written last, with nothing beside them", async () => {
    await writeRecord(folder, record);
    await writeRecord(folder, held);

    expect(await readRecord(folder, "s1")).toEqual(held);
    expect(await readdir(join(folder, "s1"))).toEqual(["session.json"]);
    expect(await listRecords(folder)).toEqual([held]);
  });

  it.each([
    ["nothing", undefined],
    ["no JSON", "{"],
    ["another version", JSON.stringify({ ...record, version: 2 })],
    ["too little", JSON.stringify({ version: 1 })],
    ["the record of another session", JSON.stringify({ ...record, session: "s2" })],
  ])("are none where there is %s", async (_what, text) => {
    if (text !== undefined) await writeFile(join(folder, "s1", "session.json"), text);

    expect(await listRecords(folder)).toEqual([]);
  });

  it("are none where there is no folder", async () => {
    expect(await listRecords(join(folder, "none"))).toEqual([]);
    expect(await readRecord(folder, "none")).toBeUndefined();
  });

  it("hold until their time is over", () => {
    const until = Date.parse("2999-01-01T00:00:00.000Z");

    expect([isHeld(held, until - 1), isHeld(held, until)]).toEqual([true, false]);
    expect(isHeld(record, 0)).toBe(false);
  });

  it("pin what held sessions stand on, each below the folder of its kind", async () => {
    const pins = {
      process: async () => "p",
      lifeOf: async () => "gone" as const,
      pin: async () => undefined,
      unpin: async () => undefined,
      othersPins: async () => new Set(["other"]),
    };
    const pinned = async (kind: string) => [
      ...(await withHeld(pins, { layersFolder: folder, kind }).othersPins()),
    ];
    await writeRecord(folder, record);
    expect(await pinned("/nexus/bases")).toEqual(["other"]);

    await writeRecord(folder, held);

    expect(await pinned("/nexus/bases")).toEqual(["other", "aaa", "bbb"]);
    expect(await pinned("/nexus/environments")).toEqual(["other", "ccc"]);
  });
});
