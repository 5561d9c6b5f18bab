import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { startEmbeddedPostgres } from "../../../src/servers/embedded-postgres.ts";
import { startedByKilledParent } from "../../world/parent-process.ts";
import { quietLog } from "../../world/quiet-log.ts";

const log = quietLog();
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "embedded-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function query(url: string, sql: string): Promise<readonly unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const pidFile = (): string => join(folder, "postgres", "data", "postmaster.pid");

it("listens on a socket only, and only for those who know the password", async () => {
  const server = await startEmbeddedPostgres({ folder, log });
  const stranger = new URL(server.url);
  stranger.password = "guess";

  expect(await query(server.url, "show listen_addresses")).toEqual([{ listen_addresses: "" }]);
  await expect(query(stranger.href, "select 1")).rejects.toThrow("password authentication failed");
  const password = await stat(join(folder, "postgres", "password"));
  expect(password.mode & 0o777).toBe(0o600);
  await server.stop();
});

it("keeps its data and its address over a stop and a start", async () => {
  const first = await startEmbeddedPostgres({ folder, log });
  await query(first.url, "create table kept as select 42 as answer");
  await first.stop();
  await expect(query(first.url, "select 1")).rejects.toThrow();

  const second = await startEmbeddedPostgres({ folder, log });

  expect(second.url).toBe(first.url);
  expect(await query(second.url, "table kept")).toEqual([{ answer: 42 }]);
  await second.stop();
});

it("is one server when three start at once on an empty folder, and stops with the one that started it", async () => {
  const servers = await Promise.all([1, 2, 3].map(() => startEmbeddedPostgres({ folder, log })));
  const late = await startEmbeddedPostgres({ folder, log });
  await late.stop();

  expect(new Set(servers.map(({ url }) => url)).size).toBe(1);
  expect(await query(late.url, "select 1 as up")).toEqual([{ up: 1 }]);
  for (const server of servers) await server.stop();
  await expect(query(late.url, "select 1")).rejects.toThrow();
});

it("does not outlive a parent that was killed, and the next start takes over", async () => {
  const url = await startedByKilledParent("postgres", folder);

  await vi.waitFor(() => expect(stat(pidFile())).rejects.toThrow("ENOENT"), { timeout: 10_000 });
  const server = await startEmbeddedPostgres({ folder, log });

  expect(server.url).toBe(url);
  expect(await query(url, "select 1 as up")).toEqual([{ up: 1 }]);
  await server.stop();
});

it("takes over at once while the killed parent's server is still going down", async () => {
  await startedByKilledParent("postgres", folder);

  const server = await startEmbeddedPostgres({ folder, log });

  expect(await query(server.url, "select 1 as up")).toEqual([{ up: 1 }]);
  await server.stop();
});

it("recovers after the server itself was killed", async () => {
  const first = await startEmbeddedPostgres({ folder, log });
  await query(first.url, "create table kept as select 42 as answer");
  process.kill(Number.parseInt(await readFile(pidFile(), "utf8"), 10), "SIGKILL");

  const second = await startEmbeddedPostgres({ folder, log });

  expect(await query(second.url, "table kept")).toEqual([{ answer: 42 }]);
  await second.stop();
  expect(log.entries).toContainEqual({
    level: "error",
    fields: { server: "PostgreSQL", code: 137 },
    message: "a server ended by itself",
  });
});

it("is not misled by a stale pid file whose id belongs to somebody else now", async () => {
  const first = await startEmbeddedPostgres({ folder, log });
  const stale = await readFile(pidFile(), "utf8");
  await first.stop();
  await writeFile(pidFile(), stale.replace(/^\d+/, String(process.pid)));

  const second = await startEmbeddedPostgres({ folder, log });

  expect(await query(second.url, "select 1 as up")).toEqual([{ up: 1 }]);
  await second.stop();
});

it("starts in a folder whose path is too long for a socket", async () => {
  const deep = join(folder, "d".repeat(120), "d".repeat(120));

  const server = await startEmbeddedPostgres({ folder: deep, log });

  expect(await query(server.url, "select 1 as up")).toEqual([{ up: 1 }]);
  await server.stop();
});

it("says what PostgreSQL said when it does not start", async () => {
  const attempt = startEmbeddedPostgres({ folder, log, settings: { no_such_setting: "1" } });

  await expect(attempt).rejects.toMatchObject({
    code: "server.unavailable",
    message: expect.stringContaining("no_such_setting"),
  });
});

it("says so when its data cannot be made", async () => {
  await writeFile(join(folder, "file"), "");

  const attempt = startEmbeddedPostgres({ folder: join(folder, "file"), log });

  await expect(attempt).rejects.toMatchObject({ code: "server.unavailable" });
});

it.runIf(process.getuid?.() === 0)(
  "puts its data where its user can reach them when root's folder is closed to it",
  async () => {
    const closed = join(folder, "closed", "nexus");
    const stateFolder = join(folder, "state");
    await mkdir(closed, { recursive: true });
    await chmod(join(folder, "closed"), 0o700);
    await chmod(folder, 0o755);

    const server = await startEmbeddedPostgres({ folder: closed, log, stateFolder });

    expect(await query(server.url, "show data_directory")).toEqual([
      { data_directory: expect.stringContaining(stateFolder) },
    ]);
    await server.stop();
    const mode = execFileSync("stat", ["-c", "%a", join(folder, "closed")], { encoding: "utf8" });
    expect(mode).toBe("700\n");
  },
);
