import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { openStore, type Store } from "../../../src/store/store.ts";
import { sampleTask } from "../../contracts/samples.ts";
import { startPostgres, type TestPostgres } from "../../world/postgres.ts";
import { quietLog } from "../../world/quiet-log.ts";

let server: TestPostgres;
let store: Store;

beforeAll(async () => {
  server = await startPostgres();
  store = await openStore(server.url, { timeoutMs: 1_000, log: quietLog() });
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

it("gives up on a hung server within its limit, and works again when it answers", async () => {
  await store.ping();
  await server.hang();
  const started = Date.now();

  const attempts = await Promise.allSettled([
    store.inbox.receive(sampleTask("hung")),
    store.inbox.accept(sampleTask("hung-too"), []),
    store.ping(),
  ]);

  expect(Date.now() - started).toBeLessThan(15_000);
  for (const attempt of attempts) {
    expect(attempt).toMatchObject({
      status: "rejected",
      reason: { code: "store.unavailable", retryable: true },
    });
  }
  await server.wake();
  await vi.waitFor(() => store.ping(), { timeout: 10_000 });
  await store.inbox.receive(sampleTask("after"));
  expect((await store.inbox.pending(10)).map(({ id }) => id)).toContain("after");
});

it("gives up on opening a hung server within its limit", async () => {
  await server.hang();
  const started = Date.now();

  const opening = openStore(server.url, { timeoutMs: 1_000 });

  await expect(opening).rejects.toMatchObject({ code: "store.unavailable", retryable: true });
  expect(Date.now() - started).toBeLessThan(15_000);
  await server.wake();
});

it("never shares a connection whose statement was given up on", async () => {
  await using narrow = await openStore(server.url, { timeoutMs: 1_000, poolSize: 1 });
  await narrow.inbox.accept(sampleTask("narrow"), []);
  await narrow.tasks.claim("narrow", { worker: "w", leaseMs: 60_000 });
  await server.hang();
  const cut = narrow.tasks.finish(
    { taskId: "narrow", epoch: 1 },
    { kind: "refused", reason: "x" },
    [],
  );
  await expect(cut).rejects.toMatchObject({ code: "store.unavailable" });
  await server.wake();

  await vi.waitFor(() => narrow.ping(), { timeout: 10_000 });
  const renewed = await narrow.tasks.renew({ taskId: "narrow", epoch: 1 }, 60_000);

  expect(renewed).toBe(true);
  expect((await store.tasks.find("narrow"))?.state).toBe("running");
});

it("lives through a server that is killed and started again, without losing what was committed", async () => {
  await store.inbox.receive(sampleTask("committed"));

  await server.kill();
  const failure = await store.ping().catch((error: unknown) => error);
  await server.restart();

  expect(failure).toMatchObject({ code: "store.unavailable", retryable: true });
  await vi.waitFor(() => store.ping(), { timeout: 10_000 });
  expect((await store.inbox.pending(50)).map(({ id }) => id)).toContain("committed");
});
