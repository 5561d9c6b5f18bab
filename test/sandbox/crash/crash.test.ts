import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { git } from "../../src/git/sample-repository.ts";
import { until } from "../../world/until.ts";
import { containersOf } from "../engine-world.ts";
import { noDocker } from "../test-sandbox.ts";
import { type CrashWorld, crashWorld, type Things } from "./crash-world.ts";
import type { Point } from "./mortal-process.ts";

const MINUTES = 60_000;

/** What a process dies of often enough to see what happens seldom, and what it dies of a few times. */
const OFTEN: readonly Point[] = [
  "volume-made",
  "container-started",
  "command-running",
  "changes-read",
  "stored",
  "reading",
  "container-removed",
];
const SELDOM: readonly Point[] = [
  "base-ready",
  "environment-ready",
  "layer-made",
  "container-made",
  "command-started",
  "command-ended",
  "changes-frozen",
  "imported",
  "named",
  "intent",
  "written",
  "volume-removed",
  "layer-removed",
];

describe.skipIf(noDocker)("a process that is killed", () => {
  let world: CrashWorld;
  let untouched: Things;
  let before: string;
  let after: string;
  beforeAll(async () => {
    world = await crashWorld();
    before = git(world.gitDir, ["rev-parse", `${world.commit}^{tree}`]);
    expect(await world.live(1, {})).toEqual([{ signal: null, output: "" }]);
    [after = ""] = await world.made();
    await world.sweep();
    untouched = await world.things();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it("would have brought every kind of change into a commit and a worktree", async () => {
    const changes = git(world.gitDir, ["diff-tree", "-r", "--raw", "--abbrev=4", before, after]);

    expect(
      changes.split("\n").map((line) => line.split(/[ \t]/).toSpliced(2, 2).join(" ")),
    ).toEqual([
      ":100644 100644 M README.md",
      ":000000 100644 A binary",
      ":000000 100644 A folder",
      ":100644 000000 D folder/inner",
      ":100644 000000 D lib/one",
      ":100644 000000 D lib/two",
      ":120000 120000 M link",
      ":000000 100644 A moved/one",
      ":000000 100644 A moved/two",
      ":100644 100755 M run.sh",
      ":100644 000000 D src/old.txt",
    ]);
    expect(await world.worktrees()).toEqual([after]);
    expect(untouched).toMatchObject({
      containers: { length: 1 },
      volumes: { length: 1 },
      networks: [],
      layers: { length: 1 },
      mounts: { length: 1 },
      gone: [],
      trees: [world.commit, world.near].sort(),
    });
  });

  const times = (count: number, points: readonly Point[]) =>
    points.map((point) => ({ point, count }));

  it.each([...times(20, OFTEN), ...times(2, SELDOM)])(
    "at $point, $count times: all is swept, and what it made is whole or not there",
    async ({ point, count }) => {
      const deaths = await world.live(count, { dies: point });
      await world.sweep();

      expect(deaths).toEqual(Array(count).fill({ signal: "SIGKILL", output: "" }));
      expect(await world.things()).toEqual(untouched);
      expect([...(await world.made())]).toEqual([after]);
      for (const tree of await world.worktrees()) expect([before, after]).toContain(tree);
      expect(await world.stillLives()).toBe(true);
    },
    5 * MINUTES,
  );

  it("leaves of a commit in the making only what is tidied away later", async () => {
    expect(await world.live(1, { dies: "imported" })).toMatchObject([{ signal: "SIGKILL" }]);

    const { now, later } = await world.unfinished();
    await world.sweep();

    expect(now).toBeGreaterThan(0);
    expect(later).toEqual([]);
    expect([...(await world.made())]).toEqual([after]);
  });

  it.each([
    { point: "tree-half-made", count: 20 },
    { point: "delta-half-made", count: 5 },
  ] as const)(
    "at $point, $count times: no tree is there before it is whole",
    async ({ point, count }) => {
      await world.forgetTrees();

      const deaths = await world.live(count, { dies: point });
      await world.sweep();

      expect(deaths).toEqual(Array(count).fill({ signal: "SIGKILL", output: "" }));
      expect(await world.things()).toEqual({ ...untouched, trees: [world.near] });
      expect(await world.treeInside(world.commit)).toBe(before);
      expect(await world.stillLives()).toBe(true);
    },
    5 * MINUTES,
  );

  it.each([
    { kind: { mirror: "copy", dies: "command-running" } },
    { kind: { mirror: "upload", dies: "volume-made" } },
    { kind: { mirror: "upload", dies: "changes-read" } },
    { kind: { ahead: true, dies: "slot-paused" } },
  ] as const)("with $kind leaves nothing either", async ({ kind }) => {
    const deaths = await world.live(2, kind);
    await world.sweep();

    expect(deaths).toEqual(Array(2).fill({ signal: "SIGKILL", output: "" }));
    expect(await world.things()).toEqual(untouched);
  });

  it("while an environment is prepared leaves nothing either, and the next one is prepared anew", async () => {
    const setup = ["echo begun; sleep 600"];
    const prepares = async () =>
      (await containersOf(world.owner)).filter(({ State }) => State === "running").length === 2;

    const deaths = await world.live(1, { setup }, async (kill) => {
      await until(prepares, { what: "the set-up to run" });
      kill();
    });
    await world.sweep();

    expect(deaths).toEqual([{ signal: "SIGKILL", output: "" }]);
    expect(await world.things()).toEqual(untouched);
  });
});
