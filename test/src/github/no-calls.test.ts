import nock from "nock";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createApp } from "../../../src/app.ts";
import { createReceiver } from "../../../src/github/webhook-receiver.ts";
import { logLines } from "../../world/log-lines.ts";
import { DELIVERY, exampleOf, SECRET, signature } from "./webhook-sender.ts";

const asked: string[] = [];
const note = (request: { method?: string; path?: string }) =>
  asked.push(`${request.method} ${request.path}`);

beforeEach(() => {
  asked.length = 0;
  nock.disableNetConnect();
  nock.emitter.on("no match", note);
});
afterEach(() => {
  nock.emitter.off("no match", note);
  nock.enableNetConnect();
  nock.restore();
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
