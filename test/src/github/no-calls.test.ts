import nock from "nock";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { createApp } from "../../../src/app.ts";
import { createReceiver } from "../../../src/github/webhook-receiver.ts";
import { logLines } from "../../world/log-lines.ts";
import { DELIVERY, exampleOf, SECRET, signature } from "./webhook-sender.ts";

/** Methods of requests that wanted to leave; where to is nock's business. */
const asked: unknown[] = [];
const note = (request: { method?: string }) => asked.push(request.method);

beforeEach(() => {
  asked.length = 0;
  nock.disableNetConnect();
  nock.emitter.on("no match", note);
});
afterEach(() => {
  nock.emitter.off("no match", note);
  nock.enableNetConnect();
});
afterAll(() => nock.restore());

it("would see a question, if there was one", async () => {
  await fetch("https://api.github.com/app").catch(() => undefined);

  expect(asked).toEqual(["GET"]);
});

it.each(["issue_comment", "installation", "push"])(
  "receiving %s, the web process asks GitHub nothing: it has nothing to ask with",
  async (name) => {
    const app = createApp(async () => {});
    const receive = await createReceiver({ secret: SECRET, app, log: logLines().log });
    const body = JSON.stringify({ ...exampleOf(name), installation: { id: 7 } });

    const receipt = await receive({ id: DELIVERY, name, body, signature: signature(body) });

    expect(receipt).toBe("received");
    expect(asked).toEqual([]);
  },
);
