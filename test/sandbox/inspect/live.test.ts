import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../../../sandbox/container/limits.ts";
import { inspect } from "../../../sandbox/inspect/inspect.ts";
import { createInspector } from "../../../sandbox/inspect/inspector.ts";
import { listRecords } from "../../../sandbox/session-record.ts";
import type { SandboxSession } from "../../../src/core/sandbox.ts";
import { until } from "../../world/until.ts";
import { containersOf, leftovers } from "../engine-world.ts";
import { type SmallRepository, smallRepository } from "../small-repository.ts";
import { noDocker, type TestSandbox, testSandbox } from "../test-sandbox.ts";
import { recordingScreen, wishFor } from "./recording-screen.ts";

const never = new AbortController().signal;
const LIMITS = { ...DEFAULT_LIMITS, memoryMb: 512, cpus: 1 };

describe.skipIf(noDocker)("looking while others work", () => {
  let repository: SmallRepository;
  let parts: TestSandbox;
  beforeAll(async () => {
    repository = await smallRepository({ "a.txt": "a\n", "folder/passwd": "mine\n" });
    parts = await testSandbox({ mirror: "overlay", holdMs: 3_600_000 });
  });
  afterAll(async () => {
    await parts[Symbol.asyncDispose]();
    await repository[Symbol.asyncDispose]();
  });

  const open = (taskId: string) => {
    const { gitDir, commit } = repository;
    return parts.sandbox.open({ gitDir, commit, taskId }, never);
  };
  const inspector = () =>
    createInspector({
      image: "nexus-sandbox:latest",
      folder: parts.folder,
      owner: parts.owner,
      limits: LIMITS,
    });
  const asked = async (wish: Parameters<typeof wishFor>) => {
    const { screen, shown } = recordingScreen();
    await using looker = inspector();
    const code = await inspect(looker, { wish: wishFor(...wish), screen }, never);
    return { code, ...shown };
  };
  /** Runs a command on until the session is closed. */
  const runOn = async (session: SandboxSession, script: string) => {
    let said = "";
    const onOutput = (text: string) => {
      said += text;
    };
    const over = session.run(["sh", "-c", script], { onOutput }).catch(() => undefined);
    await until(() => said.includes("ready"), { what: "the command to run" });
    return over;
  };

  it("shows what is written so far, says that it may change, and stops nobody", async () => {
    await using session = await open("running");
    const over = runOn(session, "echo b > b.txt; echo ready; read line; exit 0");
    await until(async () => (await asked(["running", "summary"])).out.includes("b.txt"), {
      what: "the file to be seen",
    });

    const summary = await asked(["running", "summary"]);
    const seen = await asked(["running", "shell", { command: ["cat", "a.txt", "b.txt"] }]);
    await over;
    const { output } = await session.run(["sh", "-c", "echo c > c.txt; ls"]);

    expect(summary.out).toContain("session 1: running since");
    expect(summary.out).toContain("It is in use: what is shown may change");
    expect(seen).toEqual({ code: 0, out: "a\nb\n", err: "" });
    expect(output).toBe("a.txt\nb.txt\nc.txt\nfolder\n");
    const edits = await session.changes();
    expect(edits.map(({ path }) => path)).toEqual(["b.txt", "c.txt"]);
  });

  it("never follows a link that a command puts in the way", async () => {
    await using session = await open("swapping");
    const swap =
      "rm -rf folder; ln -s /etc folder; rm folder; mkdir folder; echo mine > folder/passwd";
    const over = runOn(session, `echo ready; while :; do ${swap}; done`);
    void over;

    for (let round = 0; round < 25; round++) {
      const { out } = await asked(["swapping", "read", { path: "folder/passwd" }]);
      expect(["", "mine\n"]).toContain(out);
    }
    const { out } = await asked(["swapping", "diff"]);
    expect(out).not.toContain("root:");
  });

  it("asks which one is meant where a task has several, and takes a part of its name", async () => {
    await using first = await open("several-1");
    await using second = await open("several-1");
    await first.run(["sh", "-c", "echo x > of-the-first"]);
    await second.run(["sh", "-c", "echo x > of-the-second"]);

    const unclear = await asked(["several-1", "summary"]);
    const one = await asked(["several", "summary", { session: 2 }]);
    const none = await asked(["several-1", "list", { session: 3 }]);

    expect(unclear.code).toBe(2);
    expect(unclear.err).toContain("Task several-1 has 2 sessions. Name one with --session.");
    expect(one.out).toContain("A of-the-second");
    expect(one.out).not.toContain("of-the-first");
    expect(none).toMatchObject({ code: 1, err: "Task several-1 has no session 3.\n" });
  });

  it("takes the held one of several by itself", async () => {
    await using running = await open("mixed");
    {
      await using held = await open("mixed");
      await held.run(["sh", "-c", "echo x > kept"]);
      await held.hold("to look at");
    }

    const { out } = await asked(["mixed", "summary"]);

    expect(out).toContain("session 2: held until");
    expect(out).toContain("(to look at)");
    expect(out).toContain("--session 2 --diff");
    expect(running.image).toMatch(/^sha256:/);
  });

  it("releases what is held, with all that belongs to it, and nothing else", async () => {
    await using running = await open("release");
    for (const why of ["one", "two"]) {
      await using held = await open("release");
      await held.hold(why);
    }
    const layers = join(parts.folder, "layers");
    const of = async () =>
      (await listRecords(layers)).filter(({ taskId }) => taskId === "release").length;

    const alive = await asked(["release", "release", { session: 1 }]);
    const one = await asked(["release", "release", { session: 3 }]);
    const left = await of();
    const rest = await asked(["release", "release"]);

    expect(alive).toMatchObject({ code: 1, err: expect.stringContaining("is not released") });
    expect([one.out, left, rest.out]).toEqual([
      "1 session released.\n",
      2,
      "1 session released.\n",
    ]);
    expect(await of()).toBe(1);
    const labels = (await containersOf(parts.owner)).map((found) => found.Labels["nexus.task"]);
    expect(labels.filter((task) => task === "release")).toHaveLength(1);
    expect((await running.run(["true"])).exitCode).toBe(0);
  });

  it.each(["summary", "release", "shell"] as const)(
    "says that there is no such task: %s",
    async (show) => {
      expect(await asked(["nobody", show])).toMatchObject({
        code: 1,
        out: "",
        err: "Nothing of the task nobody is held or runs here. `nexus inspect` lists what does.\n",
      });
    },
  );

  it("wants a terminal for a shell", async () => {
    await using session = await open("no-terminal");
    const before = await leftovers(parts.owner);

    const { code, err } = await asked(["no-terminal", "shell"]);

    expect([code, err]).toEqual([
      2,
      "A shell needs a terminal. For one command: --shell -- COMMAND\n",
    ]);
    expect(await leftovers(parts.owner)).toBe(before);
    expect(session.image).toMatch(/^sha256:/);
  });

  it("leaves a container that the sweep knows as used while somebody looks, and as left behind after", async () => {
    await using session = await open("looked-at");
    const [record] = (await listRecords(join(parts.folder, "layers"))).filter(
      ({ taskId }) => taskId === "looked-at",
    );
    if (!record) throw new Error("There is no record.");
    const count = async () =>
      (await containersOf(parts.owner)).filter(
        (found) => found.Labels["nexus.task"] === "looked-at",
      ).length;
    {
      await using looker = inspector();
      await using _view = await looker.view(record);
      await parts.sandbox.sweep([]);
      expect(await count()).toBe(2);
    }

    expect(await count()).toBe(1);
    expect(session.image).toMatch(/^sha256:/);
  });
});
