import { createServer } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { NexusError } from "../../../src/core/errors.ts";
import type { Lease } from "../../../src/core/record.ts";
import { askForToken, reachesBroker, startTokenBroker } from "../../../src/github/token-broker.ts";
import { freePort } from "../../world/free-port.ts";
import { connectTo, head } from "./webhook-sender.ts";

const KEY = "0123456789abcdef0123456789abcdef";
const LEASE = { taskId: "task-1", epoch: 3 };

async function broker(mint: (lease: Lease) => Promise<string | undefined>) {
  const url = `http://127.0.0.1:${await freePort()}`;
  const running = await startTokenBroker({ url, key: KEY, mint });
  onTestFinished(() => running[Symbol.asyncDispose]());
  return { url, key: KEY };
}

it("hands the token of the lease to whoever knows the key", async () => {
  const asked: Lease[] = [];
  const at = await broker(async (lease) => {
    asked.push(lease);
    return "ghs_token";
  });

  expect(await askForToken(at, LEASE)).toBe("ghs_token");
  expect(asked).toEqual([LEASE]);
});

it("a lease that is not the newest is lost", async () => {
  const at = await broker(async () => undefined);

  await expect(askForToken(at, LEASE)).rejects.toMatchObject({
    code: "task.lease-lost",
    retryable: false,
  });
});

describe("without the key there is nothing to be had", () => {
  it.each([
    ["no key", undefined],
    ["another key", `Bearer ${KEY.replace("0", "1")}`],
    ["the beginning of the key", `Bearer ${KEY.slice(0, -1)}`],
    ["more than the key", `Bearer ${KEY}0`],
    ["the key alone", KEY],
    ["another scheme", `Basic ${KEY}`],
    ["letters of several bytes", `Bearer ${"\u00e9".repeat(32)}`],
  ])("%s: 401", async (_name, authorization) => {
    const at = await broker(() => Promise.reject(new Error("must not be asked")));

    const response = await fetch(at.url, {
      method: "POST",
      headers: authorization === undefined ? {} : { authorization },
      body: JSON.stringify(LEASE),
    });

    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({ error: "wrong key" });
  });

  it("a worker with the wrong key is told, and may be put right before the next try", async () => {
    const at = await broker(async () => "ghs_token");

    await expect(askForToken({ ...at, key: "x" }, LEASE)).rejects.toMatchObject({
      code: "github.refused",
      message: "The token broker answered 401: wrong key",
      retryable: true,
      hint: expect.stringContaining("BROKER_KEY"),
    });
  });

  it("a worker with the wrong key finds it out at its start", async () => {
    const at = await broker(() => Promise.reject(new Error("must not be asked")));

    expect(await reachesBroker(at)).toBe(true);
    await expect(reachesBroker({ ...at, key: "x" })).rejects.toMatchObject({
      code: "config.invalid",
      message: expect.stringContaining("BROKER_KEY"),
    });
    expect(await reachesBroker({ ...at, url: `http://127.0.0.1:${await freePort()}` })).toBe(false);
  });
});

describe("a question that is none is refused", () => {
  it.each([
    ["nothing", ""],
    ["no JSON", "{"],
    ["no object", "[]"],
    ["no epoch", '{"taskId":"t"}'],
    ["no task", '{"epoch":1}'],
    ["an empty task", '{"taskId":"","epoch":1}'],
    ["an endless task", JSON.stringify({ taskId: "t".repeat(201), epoch: 1 })],
    ["an epoch of words", '{"taskId":"t","epoch":"1"}'],
    ["half an epoch", '{"taskId":"t","epoch":1.5}'],
    ["more than was asked for", '{"taskId":"t","epoch":1,"repo":"other"}'],
    ["10 KB", JSON.stringify({ taskId: "t", epoch: 1, x: "x".repeat(10_000) })],
    ["10 MB", "x".repeat(10_000_000)],
  ])("%s: 400", async (_name, body) => {
    const at = await broker(() => Promise.reject(new Error("must not be asked")));

    const status = await fetch(at.url, {
      method: "POST",
      headers: { authorization: `Bearer ${KEY}` },
      body,
    }).then(
      (response) => response.status,
      // A client that is still sending may see only that it was cut off.
      () => 400,
    );

    expect(status).toBe(400);
  });

  it.each([
    ["with the key", `Bearer ${KEY}`, 400],
    ["without it", "Bearer x", 401],
  ])("an endless body %s is cut off", async (_name, authorization, status) => {
    const at = await broker(async () => "ghs_token");
    const { socket, closed } = await connectTo(at.url);
    socket.write(head("/", { authorization, "transfer-encoding": "chunked" }));
    const more = setInterval(() => socket.write(`2000\r\n${"x".repeat(0x2000)}\r\n`), 1);
    onTestFinished(() => clearInterval(more));
    const began = performance.now();

    expect(await closed).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(performance.now() - began).toBeLessThan(20_000);
  });
});

describe("a token that GitHub does not give", () => {
  it.each([
    ["now", new NexusError("github.unreachable", "GitHub is down", { retryable: true }), 502, true],
    ["ever", new NexusError("github.refused", "the App is gone"), 403, false],
  ] as const)("%s", async (_name, error, ...[status, retryable]) => {
    const at = await broker(() => Promise.reject(error));

    await expect(askForToken(at, LEASE)).rejects.toMatchObject({
      code: "github.refused",
      message: `The token broker answered ${status}: ${error.message}`,
      retryable,
    });
  });

  it("for a reason that nobody understands may come later, and the reason stays inside", async () => {
    const at = await broker(() => Promise.reject(new Error("canary")));

    await expect(askForToken(at, LEASE)).rejects.toMatchObject({
      message: "The token broker answered 502: no token to be had",
      retryable: true,
    });
  });
});

describe("a broker that is not there", () => {
  it("may be there later", async () => {
    const url = `http://127.0.0.1:${await freePort()}`;

    await expect(askForToken({ url, key: KEY }, LEASE)).rejects.toMatchObject({
      code: "github.unreachable",
      retryable: true,
      hint: expect.stringContaining("BROKER_URL"),
    });
  });

  it.each([
    ["no JSON", "<html>"],
    ["no token", "{}"],
    ["an empty token", '{"token":""}'],
  ])("but something that answers %s: no token", async (_name, text) => {
    const server = createServer((_request, response) => response.end(text));
    const port = await freePort();
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());

    const asking = askForToken({ url: `http://127.0.0.1:${port}`, key: KEY }, LEASE);

    await expect(asking).rejects.toMatchObject({ code: "github.refused", retryable: false });
  });

  it("whose address is taken is an error at the start", async () => {
    const at = await broker(async () => "ghs_token");

    const second = startTokenBroker({ ...at, mint: async () => "other" });

    await expect(second).rejects.toThrow("EADDRINUSE");
  });

  it("ends at once, also while somebody waits for a token", async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const asked = Promise.withResolvers<void>();
    const running = await startTokenBroker({
      url,
      key: KEY,
      mint: () => {
        asked.resolve();
        return new Promise(() => undefined);
      },
    });
    const asking = askForToken({ url, key: KEY }, LEASE).catch((error: unknown) => error);
    await asked.promise;

    await running[Symbol.asyncDispose]();

    expect(await asking).toMatchObject({ code: "github.unreachable", retryable: true });
  });
});
