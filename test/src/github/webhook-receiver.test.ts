import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { createApp } from "../../../src/app.ts";
import type { Delivery } from "../../../src/core/delivery.ts";
import { NexusError } from "../../../src/core/errors.ts";
import { createReceiver, type ReceiveDelivery } from "../../../src/github/webhook-receiver.ts";
import {
  startWebhookServer,
  WEBHOOK_PATH,
  type WebhookServer,
} from "../../../src/github/webhook-server.ts";
import { openStore, type Store } from "../../../src/store/store.ts";
import { type FreshDatabase, freshDatabase } from "../../world/database.ts";
import { logLines } from "../../world/log-lines.ts";
import { startPostgres } from "../../world/postgres.ts";
import { DELIVERY, exampleOf, SECRET, send, signature } from "./webhook-sender.ts";

/** GitHub's example of a comment, with a request in it. */
function commentBody(body = "/nexus fix the tests", action = "created"): string {
  const example = exampleOf("issue_comment", "created") as {
    readonly comment: { readonly user: { readonly login: string } };
  };
  const { comment } = example;
  const sender = { ...comment.user, type: "User" };
  const changed = { ...comment, body, user: sender };
  return JSON.stringify({ ...example, action, comment: changed, sender, installation: { id: 7 } });
}

let database: FreshDatabase;
let store: Store;
let server: WebhookServer;
let url: string;
let keep: (delivery: Delivery) => Promise<unknown>;
const { log, lines } = logLines();

beforeAll(async () => {
  database = await freshDatabase(inject("databaseUrl"));
  store = await openStore(database.url);
  const app = createApp((task) => keep(task));
  const receive = await createReceiver({ secret: SECRET, app, log });
  const healthy = async () => true;
  server = await startWebhookServer({ host: "127.0.0.1", port: 0, receive, healthy, log });
  url = `${server.url}${WEBHOOK_PATH}`;
});
afterAll(async () => {
  await server.drain();
  await store[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});
beforeEach(async () => {
  keep = (task) => store.inbox.receive(task);
  lines.length = 0;
  await database.sql("delete from nexus.inbox");
});

const inbox = () => database.sql("select id, state from nexus.inbox");

describe("a signed comment is in the inbox when GitHub has its answer", () => {
  it("as the task it asks for", async () => {
    const { status } = await send(url, { body: commentBody(), event: "issue_comment" });

    expect(status).toBe(200);
    expect(await store.inbox.pending(10)).toEqual([
      {
        id: DELIVERY,
        repo: { owner: "Codertocat", name: "Hello-World" },
        installationId: 7,
        issue: 1,
        isPullRequest: false,
        commentId: 492700400,
        requestedBy: "Codertocat",
        request: "fix the tests",
      },
    ]);
  });

  it("once, however often the same delivery arrives at once", async () => {
    const body = commentBody();
    const sent = Array.from({ length: 50 }, () => send(url, { body, event: "issue_comment" }));

    const answers = await Promise.all(sent);

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await inbox()).toEqual([{ id: DELIVERY, state: "pending" }]);
  });

  it.each([
    ["an edited comment", "issue_comment", commentBody("/nexus fix", "edited")],
    ["a comment that asks for nothing", "issue_comment", commentBody("well done")],
    ["a push", "push", JSON.stringify(exampleOf("push"))],
    ["an event that nobody knows", "unheard_of", '{"action":"created"}'],
    ["a comment of an unknown shape", "issue_comment", '{"action":"created","comment":5}'],
    ["a list", "issue_comment", "[]"],
  ])("%s is taken and starts nothing", async (_name, event, body) => {
    expect((await send(url, { body, event })).status).toBe(200);
    expect(await inbox()).toEqual([]);
  });
});

describe("what GitHub did not sign is not received", () => {
  const body = commentBody();
  const good = signature(body);
  const forged: readonly (readonly [string, string | readonly string[] | undefined])[] = [
    ["no signature", undefined],
    ["an empty one", ""],
    ["that of another secret", signature(body, "development")],
    ["that of another body", signature(`${body} `)],
    ["SHA-1", signature(body, SECRET, "sha1")],
    ["SHA-1 under the name of SHA-256", signature(body, SECRET, "sha1").replace("sha1", "sha256")],
    ["one cut short", good.slice(0, -1)],
    ["one without its name", good.replace("sha256=", "")],
    ["in capitals", good.toUpperCase()],
    ["one given twice", [good, good]],
    ["a good one among others", `${signature(body, "x")}, ${good}`],
    ["other letters", `sha256=${"é".repeat(32)}`],
  ];

  it.each(forged)("%s: 401", async (_name, value) => {
    const headers = { "x-hub-signature-256": value };

    expect(await send(url, { body, event: "issue_comment", headers })).toEqual({
      status: 401,
      text: "bad-signature\n",
    });
    expect(await inbox()).toEqual([]);
  });

  it("SHA-1 in the header of old: 401", async () => {
    const headers = {
      "x-hub-signature-256": undefined,
      "x-hub-signature": signature(body, SECRET, "sha1"),
    };

    expect((await send(url, { body, event: "issue_comment", headers })).status).toBe(401);
  });

  it("an empty body: 401", async () => {
    expect((await send(url, { body: "" })).status).toBe(401);
  });

  it("bytes that are no text, signed as they are: 401", async () => {
    const raw = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);

    expect((await send(url, { body: raw })).status).toBe(401);
  });

  it.each(["{", "canary", "null", "5", '"text"'])(
    "signed, but no JSON object: %s",
    async (text) => {
      expect(await send(url, { body: text })).toEqual({ status: 400, text: "bad-json\n" });
    },
  );
});

describe("what cannot be kept is not taken", () => {
  const event = "issue_comment";
  const body = commentBody("/nexus canary-of-the-payload");

  it("503 while the database is down, 200 for the redelivery afterwards", async () => {
    await using postgres = await startPostgres();
    await using own = await openStore(postgres.url, { timeoutMs: 500 });
    keep = (task) => own.inbox.receive(task);

    await postgres.hang();
    const hung = await send(url, { body, event });
    await postgres.wake();
    await postgres.kill();
    const dead = await send(url, { body, event });
    await postgres.restart();
    const back = await send(url, { body, event });

    expect([hung.status, dead.status, back.status]).toEqual([503, 503, 200]);
    expect(await own.inbox.pending(10)).toHaveLength(1);
    expect(lines.join("")).toContain("store.unavailable");
  });

  it("neither the answer nor the log carries the payload", async () => {
    keep = async () => {
      throw new NexusError("store.unavailable", "the database is gone", { retryable: true });
    };

    const answer = await send(url, { body, event });

    expect(answer).toEqual({ status: 503, text: "not kept, deliver again\n" });
    expect(lines).toHaveLength(1);
    expect(lines.join("")).toContain("the database is gone");
    expect(lines.join("")).not.toContain("canary");
  });
});

it("the receiver throws what the app threw", async () => {
  const lost = new NexusError("store.unavailable", "gone");
  const app = createApp(() => Promise.reject(lost));
  const receive: ReceiveDelivery = await createReceiver({ secret: SECRET, app, log });
  const body = commentBody();

  const receiving = receive({ id: "1", name: "issue_comment", signature: signature(body), body });

  await expect(receiving).rejects.toBe(lost);
});
