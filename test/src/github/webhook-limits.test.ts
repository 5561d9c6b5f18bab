import { once } from "node:events";
import { Agent, request } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Receipt } from "../../../src/github/webhook-receiver.ts";
import { startWebhookServer, WEBHOOK_PATH } from "../../../src/github/webhook-server.ts";
import { logLines } from "../../world/log-lines.ts";
import { until } from "../../world/until.ts";
import { connectTo, head, headersOf, send } from "./webhook-sender.ts";

const MAX = 1_000;
const TIMEOUT_MS = 2_000;

async function start(receive: () => Promise<Receipt> = async () => "received") {
  const bodies: string[] = [];
  const { log, lines } = logLines();
  const server = await startWebhookServer({
    host: "127.0.0.1",
    port: 0,
    receive: (delivery) => {
      bodies.push(delivery.body);
      return receive();
    },
    healthy: async () => true,
    log,
    maxBytes: MAX,
    requestTimeoutMs: TIMEOUT_MS,
  });
  onTestFinished(() => server.drain());
  return { server, bodies, lines, url: `${server.url}${WEBHOOK_PATH}` };
}

/** What goes over the wire before a chunked body. */
const chunked = head(WEBHOOK_PATH, { ...headersOf("x"), "transfer-encoding": "chunked" });
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

describe("a body beyond the bound is not kept", () => {
  it("up to the bound it is received", async () => {
    const { url, bodies } = await start();

    const { status } = await send(url, { body: "x".repeat(MAX) });

    expect(status).toBe(200);
    expect(bodies).toEqual(["x".repeat(MAX)]);
  });

  it("announced too large, it is refused before a byte of it was sent", async () => {
    const { server, bodies } = await start();
    const { socket, closed } = await connectTo(server.url);

    socket.write(head(WEBHOOK_PATH, { ...headersOf("x"), "content-length": String(MAX + 1) }));

    expect(await closed).toMatch(/^HTTP\/1.1 413 [\s\S]*connection: close/i);
    expect(bodies).toEqual([]);
  });

  it("in chunks without an announcement, it is refused when it grows too large", async () => {
    const { server, bodies } = await start();
    const { socket, closed, answered } = await connectTo(server.url);

    socket.write(chunked);
    socket.write(chunk("x".repeat(MAX)));
    await new Promise((resolve) => setImmediate(resolve));
    expect(answered()).toBe("");
    socket.write(chunk("x"));

    expect(await closed).toMatch(/^HTTP\/1.1 413 [\s\S]*connection: close/i);
    expect(bodies).toEqual([]);
  });

  it("a sender that goes on is cut off, and nothing of it is read on", async () => {
    const { server, url } = await start();
    const { socket, closed } = await connectTo(server.url);
    socket.write(chunked);
    const flood = chunk("x".repeat(65_536));
    let written = 0;
    const more = () => {
      while (!socket.destroyed && written < 64_000_000) {
        written += flood.length;
        if (!socket.write(flood)) break;
      }
    };
    socket.on("drain", more);

    more();
    await closed;

    // What the machine's own buffers took, not the flood.
    expect(written).toBeLessThan(32_000_000);
    expect((await send(url, { body: "{}" })).status).toBe(200);
  });
});

describe("a sender that is too slow is cut off", () => {
  it("with its body byte by byte", async () => {
    const { server, bodies } = await start();
    const { socket, closed } = await connectTo(server.url);
    socket.write(head(WEBHOOK_PATH, { ...headersOf("x"), "content-length": "100" }));
    const drip = setInterval(() => socket.write("x"), 20);
    onTestFinished(() => clearInterval(drip));

    const answer = await closed;

    expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect(bodies).toEqual([]);
  });

  it("with its headers byte by byte", async () => {
    const { server } = await start();
    const { socket, closed } = await connectTo(server.url);
    socket.write(`POST ${WEBHOOK_PATH} HTTP/1.1\r\nx: `);
    const drip = setInterval(() => socket.write("x"), 20);
    onTestFinished(() => clearInterval(drip));

    expect(await closed).toMatch(/^HTTP\/1.1 408 /);
  });

  it("that hangs up in the middle of its body is nobody's trouble", async () => {
    const { server, url, bodies, lines } = await start();
    const { socket, closed } = await connectTo(server.url);
    socket.write(`${head(WEBHOOK_PATH, { ...headersOf("x"), "content-length": "100" })}half`);

    socket.destroy();
    await closed;

    expect((await send(url, { body: "{}" })).status).toBe(200);
    expect(bodies).toEqual(["{}"]);
    expect(lines).toEqual([]);
  });
});

describe("draining", () => {
  it("lets the request under way finish, then refuses", async () => {
    const kept = Promise.withResolvers<Receipt>();
    const { server, url, bodies } = await start(() => kept.promise);
    const sending = send(url, { body: "{}" });
    await until(() => bodies.length === 1, { what: "the delivery to arrive" });

    const draining = server.drain();
    await expect(send(url, { body: "{}" })).rejects.toThrow("ECONNREFUSED");
    kept.resolve("received");

    expect((await sending).status).toBe(200);
    await draining;
    expect(bodies).toHaveLength(1);
  });

  it("does not wait for connections that are only kept", async () => {
    const kept = Promise.withResolvers<Receipt>();
    const { server, url, bodies } = await start(() => kept.promise);
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    const headers = headersOf("{}") as Record<string, string>; // a good one has each once
    const call = request(url, { method: "POST", headers, agent });
    const answering = once(call, "response");
    call.end("{}");
    await until(() => bodies.length === 1, { what: "the delivery to arrive" });
    const began = performance.now();

    const draining = server.drain();
    kept.resolve("received");
    const [answer] = await answering;
    answer.resume();
    await draining;

    expect(answer.statusCode).toBe(200);
    expect(performance.now() - began).toBeLessThan(TIMEOUT_MS);
  });

  it("cuts off a sender that never ends", async () => {
    const { server } = await start();
    const { socket, closed } = await connectTo(server.url);
    socket.write(head(WEBHOOK_PATH, { ...headersOf("x"), "content-length": String(MAX) }));
    const drip = setInterval(() => socket.write("x"), 20);
    onTestFinished(() => clearInterval(drip));

    const began = performance.now();

    await Promise.all([server.drain(), closed]);

    expect(performance.now() - began).toBeLessThan(20_000);
    await expect(connectTo(server.url)).rejects.toThrow("ECONNREFUSED");
  });
});
