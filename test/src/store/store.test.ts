import { emptyCheckpoint } from "@langchain/langgraph";
import { describe, expect, inject, it, vi } from "vitest";
import { openStore } from "../../../src/store/store.ts";
import { sampleComment, sampleEvidence, sampleTask } from "../../contracts/samples.ts";
import { freshDatabase } from "../../world/database.ts";
import { quietLog } from "../../world/quiet-log.ts";

const HOUR = 3_600_000;

const fresh = () => freshDatabase(inject("databaseUrl"));

describe("opening the store", () => {
  it.each([
    ["", "config.invalid", false],
    ["not a url", "config.invalid", false],
    ["mysql://nexus:s3cret@localhost/db", "config.invalid", false],
    ["https://nexus:s3cret@localhost/db", "config.invalid", false],
    ["postgres://nexus:s3cret@localhost:99999999/db", "config.invalid", false],
    ["postgres://nexus:s3cret@127.0.0.1:1/db", "store.unavailable", true],
    ["postgres://nexus:s3cret@localhost/db?host=/no/such/folder", "store.unavailable", true],
  ])("refuses %s with a code and without its password", async (url, code, retryable) => {
    const failure = await openStore(url, { timeoutMs: 1_000 }).catch((error: unknown) => error);

    expect(failure).toMatchObject({ code, retryable, hint: expect.any(String) });
    expect(String(failure)).not.toContain("s3cret");
  });

  it.each(["password", "database"])(
    "does not ask for a second try with a wrong %s",
    async (part) => {
      const url = new URL(inject("databaseUrl"));
      if (part === "password") url.password = "wr0ng";
      else url.pathname = "/nowhere";

      const opening = openStore(url.href);

      await expect(opening).rejects.toMatchObject({ code: "store.unavailable", retryable: false });
    },
  );

  it("leaves what is there when it opens again", async () => {
    await using database = await fresh();
    await using first = await openStore(database.url);
    await first.inbox.receive(sampleTask("kept"));

    await using second = await openStore(database.url);

    expect(await second.inbox.pending(10)).toEqual([sampleTask("kept")]);
  });

  it("brings a database to its shape once more where that was not written down", async () => {
    await using database = await fresh();
    await using first = await openStore(database.url);
    await first.inbox.accept(sampleTask("kept"), []);
    await database.sql("delete from nexus.kysely_migration where name > '0001-record'");

    await using second = await openStore(database.url);

    expect(await second.tasks.find("kept")).toMatchObject({ state: "waiting" });
  });

  it("refuses a database that a newer Nexus has used", async () => {
    await using database = await fresh();
    await using _first = await openStore(database.url);
    await database.sql("insert into nexus.kysely_migration values ('9999-future', now()::text)");

    const opening = openStore(database.url);

    await expect(opening).rejects.toMatchObject({ code: "store.corrupt", retryable: false });
  });
});

describe("a row that does not fit", () => {
  it.each([
    ["task", "update nexus.tasks set task = '{\"id\":7}'"],
    ["outcome", "update nexus.tasks set state = 'done', outcome = '{\"kind\":\"won\"}'"],
  ])("is reported as store.corrupt for a %s", async (what, spoil) => {
    await using database = await fresh();
    await using store = await openStore(database.url);
    await store.inbox.accept(sampleTask("t"), []);
    await database.sql(spoil);

    const finding = store.tasks.find("t");

    await expect(finding).rejects.toMatchObject({
      code: "store.corrupt",
      message: expect.stringContaining(what),
    });
  });

  it("is reported as store.corrupt for a delivery, an effect and its result", async () => {
    await using database = await fresh();
    await using store = await openStore(database.url);
    const corrupt = { code: "store.corrupt" };
    await store.inbox.receive(sampleTask("d"));
    await store.inbox.accept(sampleTask("t"), [sampleComment("t", "a")]);
    await database.sql("update nexus.inbox set task = '[]'");
    await database.sql(`update nexus.effects set effect = '{"wish":{"kind":"format-disk"}}'`);

    await expect(store.inbox.pending(10)).rejects.toMatchObject(corrupt);
    await expect(store.effects.take(10, 1)).rejects.toMatchObject(corrupt);
    await database.sql("update nexus.effects set state = 'done', result = '1'");
    await expect(store.effects.status("t/a")).rejects.toMatchObject(corrupt);
  });

  it("is reported as store.corrupt for evidence that somebody made prettier", async () => {
    await using database = await fresh();
    await using store = await openStore(database.url);
    const digest = await store.evidence.keep({ ...sampleEvidence, passed: false });
    await database.sql(
      `update nexus.evidence set evidence = replace(evidence::text, 'false,"tree"', 'true,"tree"')::json`,
    );

    const finding = store.evidence.find(digest);

    await expect(finding).rejects.toMatchObject({ code: "store.corrupt" });
  });
});

it("gives up on a statement that waits too long for another one's lock, and recovers", async () => {
  await using database = await fresh();
  await using store = await openStore(database.url, { timeoutMs: 300 });
  const obstacle = await database.hold("lock table nexus.inbox");

  const blocked = store.inbox.receive(sampleTask("t"));

  await expect(blocked).rejects.toMatchObject({ code: "store.unavailable", retryable: true });
  await obstacle[Symbol.asyncDispose]();
  await vi.waitFor(async () => expect(await store.inbox.receive(sampleTask("t"))).toBe("new"));
});

it("survives NUL in every text it is asked about", async () => {
  await using database = await fresh();
  await using store = await openStore(database.url);
  await store.inbox.accept(sampleTask("t"), [sampleComment("t", "a\0b")]);
  await store.tasks.claim("t", { worker: "w\0", leaseMs: HOUR });

  await store.journal.remember({ taskId: "t", epoch: 1 }, "k\0", "v\0");
  await store.events.append("t", { kind: "item-started", item: "n\0" }, "k\0");
  await store.inbox.refuse(sampleTask("r"), "because\0", []);

  expect(await store.tasks.find("\0")).toBeUndefined();
  expect(await store.effects.status("t/a\0b")).toEqual({ state: "wanted" });
  expect(await store.journal.recall("t", "k\0")).toBe("v\0");
});

describe("wake-ups", () => {
  it("come from another process after each kind of change", async () => {
    await using database = await fresh();
    await using listening = await openStore(database.url);
    await using changing = await openStore(database.url);
    const woken = { inbox: 0, task: 0, effect: 0 };
    for (const channel of ["inbox", "task", "effect"] as const) {
      await listening.listen(channel, () => {
        woken[channel] += 1;
      });
    }

    await changing.inbox.receive(sampleTask("t"));
    await vi.waitFor(() => expect(woken).toEqual({ inbox: 1, task: 0, effect: 0 }));
    await changing.inbox.accept(sampleTask("t"), [sampleComment("t", "a")]);

    await vi.waitFor(() => expect(woken).toEqual({ inbox: 1, task: 1, effect: 1 }));
  });

  it("tell of the last of many changes that come at once", async () => {
    await using database = await fresh();
    await using store = await openStore(database.url);
    let seen = 0;
    await store.listen("inbox", () => {
      void store.inbox.pending(100).then((tasks) => {
        seen = Math.max(seen, tasks.length);
      });
    });

    await Promise.all(
      Array.from({ length: 60 }, (_, i) => store.inbox.receive(sampleTask(`t-${i}`))),
    );

    await vi.waitFor(() => expect(seen).toBe(60));
  });

  it("stop when the listener is let go", async () => {
    await using database = await fresh();
    await using store = await openStore(database.url);
    const woken = { released: 0, kept: 0 };
    const released = await store.listen("inbox", () => {
      woken.released += 1;
    });
    await store.listen("inbox", () => {
      woken.kept += 1;
    });
    await released[Symbol.asyncDispose]();

    await store.inbox.receive(sampleTask("t"));

    await vi.waitFor(() => expect(woken).toEqual({ released: 0, kept: 1 }));
  });

  it("come again after the connection was cut, with one for the gap", async () => {
    await using database = await fresh();
    await using store = await openStore(database.url, { log: quietLog() });
    let woken = 0;
    await store.listen("task", () => {
      woken += 1;
    });

    await database.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and query like 'listen%'`,
    );

    await vi.waitFor(() => expect(woken).toBe(1), { timeout: 10_000 });
    await store.inbox.accept(sampleTask("t"), []);
    await vi.waitFor(() => expect(woken).toBe(2), { timeout: 10_000 });
  });
});

it("gives the task graph its checkpoints back, also to another process", async () => {
  await using database = await fresh();
  await using store = await openStore(database.url);
  const thread = { configurable: { thread_id: "t", checkpoint_ns: "" } };
  const checkpoint = {
    ...emptyCheckpoint(),
    channel_values: { plan: "a\0b" },
    channel_versions: { plan: 1 },
  };

  await store.checkpoints.put(
    thread,
    checkpoint,
    { source: "loop", step: 1, parents: {} },
    { plan: 1 },
  );

  await using other = await openStore(database.url);
  const found = await other.checkpoints.getTuple(thread);
  expect(found?.checkpoint.channel_values).toEqual({ plan: "a\0b" });
  expect(await database.sql("select count(*)::int as n from langgraph.checkpoints")).toEqual([
    { n: 1 },
  ]);
});
