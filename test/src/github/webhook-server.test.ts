import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RawDelivery, Receipt } from "../../../src/github/webhook-receiver.ts";
import {
  startWebhookServer,
  WEBHOOK_PATH,
  type WebhookServer,
} from "../../../src/github/webhook-server.ts";
import { logLines } from "../../world/log-lines.ts";
import { until } from "../../world/until.ts";
import { connectTo, DELIVERY, head, headersOf, send } from "./webhook-sender.ts";

const BODY = JSON.stringify({ zen: "Speak like a human." });
const { log } = logLines();

let server: WebhookServer;
let deliveries: RawDelivery[];
let receive: (delivery: RawDelivery) => Promise<Receipt>;
let healthy: () => Promise<boolean>;
let url: string;

beforeEach(async () => {
  deliveries = [];
  receive = async (delivery) => {
    deliveries.push(delivery);
    return "received";
  };
  healthy = async () => true;
  server = await startWebhookServer({
    host: "127.0.0.1",
    port: 0,
    receive: (delivery) => receive(delivery),
    healthy: () => healthy(),
    log,
    deadlineMs: 200,
  });
  url = `${server.url}${WEBHOOK_PATH}`;
});
afterEach(() => server.drain());

describe("a delivery is answered by what came of it", () => {
  it("200 only after it was received, with exactly what was signed", async () => {
    const kept = Promise.withResolvers<Receipt>();
    receive = (delivery) => {
      deliveries.push(delivery);
      return kept.promise;
    };
    let answered = false;

    const sending = send(url, { body: BODY }).finally(() => {
      answered = true;
    });
    await until(() => deliveries.length > 0, { what: "the delivery to arrive" });
    await new Promise((resolve) => setImmediate(resolve));
    const early = answered;
    kept.resolve("received");

    expect(await sending).toEqual({ status: 200, text: "kept\n" });
    expect(early).toBe(false);
    const signature = headersOf(BODY)["x-hub-signature-256"];
    expect(deliveries).toEqual([{ id: DELIVERY, name: "ping", signature, body: BODY }]);
  });

  it.each([
    ["bad-signature", 401],
    ["bad-json", 400],
  ] as const)("%s with %i", async (receipt, status) => {
    receive = async () => receipt;

    expect(await send(url, { body: BODY })).toEqual({ status, text: `${receipt}\n` });
  });

  it("503 when it could not be kept, without a word of the reason", async () => {
    receive = async () => {
      throw new Error("canary: connection to 10.0.0.3 refused");
    };

    expect(await send(url, { body: BODY })).toEqual({
      status: 503,
      text: "not kept, deliver again\n",
    });
  });

  it.each([
    ["fails", (late: PromiseWithResolvers<Receipt>) => late.reject(new Error("too late"))],
    ["ends", (late: PromiseWithResolvers<Receipt>) => late.resolve("received")],
  ])("503 after the deadline; that it %s later disturbs nobody", async (_name, end) => {
    const late = Promise.withResolvers<Receipt>();
    receive = () => late.promise;

    const answer = await send(url, { body: BODY });
    end(late);
    receive = async () => "received";

    expect(answer).toEqual({ status: 503, text: "not kept in time, deliver again\n" });
    expect((await send(url, { body: BODY })).status).toBe(200);
  });

  it("each of 50 that arrive at once", async () => {
    const sent = Array.from({ length: 50 }, () => send(url, { body: BODY }));

    const answers = await Promise.all(sent);

    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect(deliveries).toHaveLength(50);
  });
});

describe("what is no delivery is refused before anything is received", () => {
  const bad: readonly (readonly [string, number, Parameters<typeof send>[1]])[] = [
    ["no delivery id", 400, { body: BODY, headers: { "x-github-delivery": undefined } }],
    ["an empty delivery id", 400, { body: BODY, headers: { "x-github-delivery": "" } }],
    ["a doubled delivery id", 400, { body: BODY, headers: { "x-github-delivery": ["a", "b"] } }],
    ["a delivery id of paths", 400, { body: BODY, headers: { "x-github-delivery": "../../x" } }],
    ["an endless id", 400, { body: BODY, headers: { "x-github-delivery": "a".repeat(101) } }],
    ["no event", 400, { body: BODY, headers: { "x-github-event": undefined } }],
    ["a doubled event", 400, { body: BODY, headers: { "x-github-event": ["ping", "push"] } }],
    ["an event of spaces", 400, { body: BODY, headers: { "x-github-event": "a b" } }],
    ["an event in capitals", 400, { body: BODY, headers: { "x-github-event": "Ping" } }],
    ["no content type", 415, { body: BODY, headers: { "content-type": undefined } }],
    [
      "a form",
      415,
      { body: BODY, headers: { "content-type": "application/x-www-form-urlencoded" } },
    ],
    ["text", 415, { body: BODY, headers: { "content-type": "text/json" } }],
    ["a patch", 415, { body: BODY, headers: { "content-type": "application/json-patch+json" } }],
    ["a GET", 405, { body: "", method: "GET" }],
    ["a PUT", 405, { body: BODY, method: "PUT" }],
    ["a DELETE", 405, { body: "", method: "DELETE" }],
  ];

  it.each(bad)("%s: %i", async (_name, status, sent) => {
    const answer = await send(url, sent);

    expect(answer.status).toBe(status);
    expect(deliveries).toEqual([]);
  });

  it.each([
    "application/json",
    "application/json; charset=utf-8",
    "Application/JSON ;charset=utf-8",
  ])("but %s is JSON", async (type) => {
    const headers = { "content-type": type };

    expect((await send(url, { body: BODY, headers })).status).toBe(200);
  });

  it.each(["/", "/api", `${WEBHOOK_PATH}/`, "/api/github/../github/webhooks", "//", "//x/api"])(
    "the path %s: 404",
    async (path) => {
      const { socket, closed } = await connectTo(server.url);
      socket.write(`${head(path, { ...headersOf(BODY), "content-length": "60" })}${BODY}`);

      expect(await closed).toMatch(/^HTTP\/1.1 404 /);
      expect(deliveries).toEqual([]);
    },
  );

  it("a query changes nothing", async () => {
    expect((await send(`${url}?source=github`, { body: BODY })).status).toBe(200);
  });

  it.each([
    ["no HTTP at all", "\u0000\u0001canary\r\n\r\n"],
    ["headers without end", `POST ${WEBHOOK_PATH} HTTP/1.1\r\nx: ${"a".repeat(20_000)}\r\n`],
    ["two lengths", head(WEBHOOK_PATH, { ...headersOf(BODY), "content-length": ["5", "60"] })],
    ["a length of words", head(WEBHOOK_PATH, { ...headersOf(BODY), "content-length": "0x10" })],
  ])("%s: the connection is closed with a refusal", async (_name, text) => {
    const { socket, closed } = await connectTo(server.url);
    socket.write(text);

    expect(await closed).toMatch(/^HTTP\/1.1 4\d\d /);
    expect(deliveries).toEqual([]);
    expect((await send(url, { body: BODY })).status).toBe(200);
  });
});

describe("health", () => {
  it.each([
    [true, 200, "ok\n"],
    [false, 503, "the store does not answer\n"],
  ])("%s", async (state, status, text) => {
    healthy = async () => state;

    const answer = await send(`${server.url}/health`, { body: "", method: "GET" });

    expect(answer).toEqual({ status, text });
  });
});

it("a port that is taken is an error, not a server that nobody reaches", async () => {
  const port = Number(new URL(server.url).port);

  const second = startWebhookServer({ host: "127.0.0.1", port, receive, healthy, log });

  await expect(second).rejects.toThrow("EADDRINUSE");
});
