import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { sampleOutcome, sampleTask } from "../../contracts/samples.ts";
import { openedStore } from "../../world/opened-store.ts";

const DAY = 86_400_000;

function logOf(taskId: string, text: string) {
  const digest = createHash("sha256").update(text).digest("hex");
  return { taskId, digest, gzip: gzipSync(text), bytes: Buffer.byteLength(text) };
}

it.each([
  ["nothing", ""],
  ["text of any language", "häß\t日本\u{1f600}\n"],
  ["some megabytes", "all work and no play\n".repeat(200_000)],
])("a log of %s is found by its digest, kept once or twice", async (_what, text) => {
  const { store, database } = await openedStore();
  const log = logOf("t1", text);

  await store.logs.keep(log);
  await store.logs.keep(log);

  expect((await store.logs.read(log.digest)) === text).toBe(true);
  expect(await database.sql("select count(*)::int as n from nexus.logs")).toEqual([{ n: 1 }]);
});

it.each([
  ["a digest that nobody kept", "0".repeat(64)],
  ["a digest that is none", "'; drop table nexus.logs; --"],
  ["no digest at all", ""],
])("nothing is found under %s", async (_what, digest) => {
  const { store } = await openedStore();
  await store.logs.keep(logOf("t1", "x"));

  expect(await store.logs.read(digest)).toBeUndefined();
});

it.each([
  ["another text", gzipSync("y")],
  ["a longer text", gzipSync("x".repeat(100_000_000))],
  ["no gzip", Buffer.from("x")],
])("a log that was changed to %s is refused", async (_what, gzip) => {
  const { store, database } = await openedStore();
  const log = logOf("t1", "x");
  await store.logs.keep(log);
  await database.sql("update nexus.logs set gzip = $1", [gzip]);

  await expect(store.logs.read(log.digest)).rejects.toMatchObject({ code: "store.corrupt" });
});

it("logs go with the details of their task, what two tasks wrote with the later one", async () => {
  const { store, database } = await openedStore();
  for (const id of ["old", "young", "running"]) {
    await store.inbox.accept(sampleTask(id), []);
    await store.tasks.claim(id, { worker: "w", leaseMs: DAY });
    if (id !== "running") await store.tasks.finish({ taskId: id, epoch: 1 }, sampleOutcome, []);
    await store.logs.keep(logOf(id, `of ${id}`));
  }
  await store.logs.keep(logOf("old", "of both"));
  await store.logs.keep(logOf("young", "of both"));
  await store.logs.keep(logOf("unknown", "of nobody"));
  await database.sql("update nexus.logs set kept_at = now() - interval '31 days'");
  await database.sql(
    "update nexus.tasks set changed_at = now() - interval '31 days' where id = 'old'",
  );

  await store.purge(30 * DAY);

  const rows = await database.sql("select task_id from nexus.logs order by task_id, digest");
  expect(rows.map((row) => row.task_id)).toEqual(["running", "young", "young"]);
  expect(await store.logs.read(logOf("young", "of both").digest)).toBe("of both");
});
