import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, inject, it, onTestFinished } from "vitest";
import { createEventBell } from "../../../../jobs/events/event-bell.ts";
import { createEventBus } from "../../../../jobs/events/event-bus.ts";
import { noteAddresses } from "../../../../src/servers/addresses.ts";
import { sampleOutcome, sampleTask } from "../../../contracts/samples.ts";
import { openedStore } from "../../../world/opened-store.ts";
import { until } from "../../../world/until.ts";

const MAIN = resolve(import.meta.dirname, "../../../../src/cli/main.ts");
const HOUR = 3_600_000;

/** Starts `nexus follow` with these settings, in a folder of its own. */
async function nexusFollow(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const cwd = await mkdtemp(join(tmpdir(), "nexus-follow-"));
  const child = spawn(process.execPath, [MAIN, "follow", ...args], {
    cwd,
    env: { PATH: process.env.PATH, NEXUS_FOLDER: cwd, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { out: "", err: "" };
  child.stdout.on("data", (data) => (said.out += data));
  child.stderr.on("data", (data) => (said.err += data));
  const closed = once(child, "close");
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await closed;
    await rm(cwd, { recursive: true, force: true });
  });
  return {
    said,
    child,
    ended: async () => ({ code: (await closed)[0], ...said }),
    says: (text: string) =>
      until(() => said.out.includes(text), { what: text, tell: () => JSON.stringify(said) }),
  };
}

async function running() {
  const { database, store } = await openedStore();
  await store.inbox.accept(sampleTask("t-1"), []);
  await store.tasks.claim("t-1", { worker: "w", leaseMs: HOUR });
  const bell = createEventBell(inject("redisUrl"));
  onTestFinished(() => bell[Symbol.asyncDispose]());
  const bus = createEventBus({ record: store.events, bell });
  const env = { DATABASE_URL: database.url, REDIS_URL: inject("redisUrl") };
  const finish = () => store.tasks.finish({ taskId: "t-1", epoch: 1 }, sampleOutcome, []);
  return { database, store, bus, env, finish };
}

it("prints what happened and what happens, a line each, until the task has ended", async () => {
  const { bus, env, finish } = await running();
  await bus.publish("t-1", { kind: "claimed", crashes: 0 }, "a");
  const follow = await nexusFollow(env, "t-1");
  await follow.says("a worker takes it\n");

  await bus.publish("t-1", { kind: "item-started", item: "a" }, "b");
  await follow.says("a: begins\n");
  await finish();
  bus.announce("t-1");

  const { code, out, err } = await follow.ended();
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out.replaceAll(/^\d\d:\d\d:\d\d {2}|^\d{4}-\d\d-\d\d \(UTC\)\n/gm, "")).toBe(
    `a worker takes it\na: begins\nended: ${sampleOutcome.kind}\n`,
  );
});

it("prints the same for programs, and needs no Redis to come to the end", async () => {
  const { bus, env, finish } = await running();
  await bus.publish("t-1", { kind: "item-started", item: "a" }, "b");
  const follow = await nexusFollow({ DATABASE_URL: env.DATABASE_URL }, "t-1", "--json");
  await follow.says("item-started");
  await finish();

  const { code, out } = await follow.ended();

  expect(code).toBe(0);
  const events = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(events).toEqual([
    { seq: expect.any(Number), at: expect.any(String), event: { kind: "item-started", item: "a" } },
    {
      seq: expect.any(Number),
      at: expect.any(String),
      event: { kind: "ended", outcome: sampleOutcome.kind },
    },
  ]);
});

it("ends at once for a task that had ended, also where its details are deleted", async () => {
  const { database, env, finish, store } = await running();
  await finish();
  const first = await (await nexusFollow(env, "t-1")).ended();
  await database.sql("update nexus.tasks set changed_at = now() - interval '40 days'");
  await store.purge(30 * 24 * HOUR);

  const second = await (await nexusFollow(env, "t-1")).ended();

  expect(first.out).toMatch(
    new RegExp(
      `^\\d{4}-\\d\\d-\\d\\d \\(UTC\\)\n\\d\\d:\\d\\d:\\d\\d {2}ended: ${sampleOutcome.kind}\n$`,
    ),
  );
  expect(second).toEqual({
    code: 0,
    out: `ended: ${sampleOutcome.kind}; its details are deleted\n`,
    err: "",
  });
});

it("is ended by Ctrl-C", async () => {
  const { bus, env } = await running();
  await bus.publish("t-1", { kind: "claimed", crashes: 0 }, "a");
  const follow = await nexusFollow(env, "t-1");
  await follow.says("a worker takes it\n");

  follow.child.kill("SIGINT");

  expect(await follow.ended()).toMatchObject({ code: 130, err: "" });
});

it("finds the servers of the installation that runs from its folder, whose note is for us alone", async () => {
  const { database, env, finish } = await running();
  await finish();
  const folder = await mkdtemp(join(tmpdir(), "nexus-note-"));
  const note = await noteAddresses(folder, { databaseUrl: database.url, redisUrl: env.REDIS_URL });

  const { mode } = await stat(join(folder, "servers.json"));
  const found = await (await nexusFollow({ NEXUS_FOLDER: folder }, "t-1")).ended();
  await note[Symbol.asyncDispose]();
  const gone = await (await nexusFollow({ NEXUS_FOLDER: folder }, "t-1")).ended();

  expect(mode & 0o777).toBe(0o600);
  expect(found).toMatchObject({ code: 0, err: "" });
  expect(gone).toMatchObject({
    code: 2,
    out: "",
    err: expect.stringContaining("no Nexus runs from this folder"),
  });
  await rm(folder, { recursive: true });
});

it.each<[string, readonly string[], string]>([
  ["no task", [], "nexus: name the task: nexus follow TASK\n"],
  ["two", ["t-1", "t-2"], 'nexus: "t-2" is one word too many\n'],
  ["no id", ["../t"], 'nexus: "../t" is no id of a task\n'],
  ["an option there is not", ["t-1", "--for-ever"], "nexus: Unknown option '--for-ever'\n"],
])("says in one line what it cannot follow: %s", async (_name, args, err) => {
  expect(await (await nexusFollow({}, ...args)).ended()).toEqual({ code: 2, out: "", err });
});

it("says that there is no such task, and that a database does not answer, without its password", async () => {
  const { env } = await running();
  const nowhere = { DATABASE_URL: "postgres://nexus:canary-password@127.0.0.1:1/nexus" };

  const unknown = await (await nexusFollow(env, "t-404")).ended();
  const unanswered = await (await nexusFollow(nowhere, "t-1")).ended();

  expect(unknown).toMatchObject({ code: 2, out: "" });
  expect(unknown.err).toMatch(
    /^nexus: There is no task t-404\. `nexus show` lists the newest\.\n$/,
  );
  expect(unanswered).toMatchObject({ code: 2, out: "" });
  expect(unanswered.err).toMatch(/^nexus: The database did not answer/);
  expect(unanswered.err).not.toContain("canary");
});
