import { createHmac, randomUUID } from "node:crypto";
import type { NewEvent } from "./call.ts";
import { checkPayload } from "./payload-shape.ts";
import { type Delivery, nodeId, now, type State } from "./state.ts";

/** GitHub waits this long for a webhook's answer. */
const PATIENCE_MS = 10_000;

export interface Webhooks {
  readonly setTarget: (url: string | undefined) => void;
  /**
   * Delivers and logs. `lost` logs a failed delivery without sending. Undefined when there is nothing
   * to deliver: the App is not subscribed, or has no webhook address.
   */
  send(event: NewEvent, how?: { lost: boolean }): Promise<Delivery | undefined>;
  redeliver(delivery: Delivery): Promise<Delivery>;
  /** Resolves when nothing is on its way any more. */
  readonly idle: () => Promise<void>;
  stop(): void;
}

/** Events every App gets, subscribed or not. */
const ALWAYS = new Set(["installation", "installation_repositories"]);

function headersOf(state: State, delivery: { event: string; guid: string }, body: string) {
  const { app } = state;
  const sign = (hash: string) => createHmac(hash, app.webhookSecret).update(body).digest("hex");
  return {
    accept: "*/*",
    "content-type": "application/json",
    "user-agent": `GitHub-Hookshot/${nodeId("H", app.id).slice(2, 9)}`,
    "x-github-delivery": delivery.guid,
    "x-github-event": delivery.event,
    "x-github-hook-id": String(app.id + 1),
    "x-github-hook-installation-target-id": String(app.id),
    "x-github-hook-installation-target-type": "integration",
    "x-hub-signature": `sha1=${sign("sha1")}`,
    "x-hub-signature-256": `sha256=${sign("sha256")}`,
  };
}

/** Sends signed webhooks over HTTP and keeps the log that the API shows. */
export function createWebhooks(state: State, violations: string[]): Webhooks {
  let target: string | undefined;
  const stopping = new AbortController();
  const underway = new Set<Promise<unknown>>();

  async function post(delivery: Delivery, body: string): Promise<void> {
    if (target === undefined) return;
    const began = performance.now();
    try {
      const response = await fetch(target, {
        method: "POST",
        headers: delivery.requestHeaders,
        body,
        signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(PATIENCE_MS)]),
      });
      delivery.responseBody = await response.text();
      delivery.responseHeaders = Object.fromEntries(response.headers);
      delivery.statusCode = response.status;
      delivery.status = response.ok ? "OK" : `Invalid HTTP Response: ${response.status}`;
    } catch (error) {
      const late = error instanceof Error && error.name === "TimeoutError";
      delivery.status = late ? "timed out" : "failed to connect to host";
      delivery.statusCode = late ? 504 : 502;
    }
    delivery.duration = Math.round(performance.now() - began) / 1000;
  }

  function logged(event: NewEvent, again?: Delivery): { delivery: Delivery; body: string } {
    const guid = again?.guid ?? randomUUID();
    const body = JSON.stringify(event.payload);
    const delivery: Delivery = {
      id: state.nextId(),
      guid,
      event: event.name,
      action: event.action ?? null,
      installation: event.installation.id,
      repository: event.repo?.id ?? null,
      payload: event.payload,
      redelivery: again !== undefined,
      deliveredAt: now(),
      requestHeaders: headersOf(state, { event: event.name, guid }, body),
      status: "failed to connect to host",
      statusCode: 502,
      duration: 0,
      responseHeaders: {},
      responseBody: "",
    };
    state.deliveries.push(delivery);
    return { delivery, body };
  }

  function track<T>(work: Promise<T>): Promise<T> {
    underway.add(work);
    return work.finally(() => underway.delete(work));
  }

  return {
    setTarget(url) {
      target = url;
    },
    send(event, how) {
      if (!ALWAYS.has(event.name) && !state.app.events.includes(event.name)) {
        return Promise.resolve(undefined);
      }
      if (target === undefined && how?.lost !== true) return Promise.resolve(undefined);
      const problems = checkPayload(event.name, event.payload);
      violations.push(...problems.map((problem) => `webhook ${event.name}: ${problem}`));
      const { delivery, body } = logged(event);
      return track(
        (how?.lost === true ? Promise.resolve() : post(delivery, body)).then(() => delivery),
      );
    },
    redeliver(old) {
      const installation = state.installations.get(old.installation);
      if (installation === undefined) throw new Error("The installation is gone.");
      const repo = [...state.repositories.values()].find((one) => one.id === old.repository);
      const event: NewEvent = {
        name: old.event,
        ...(old.action === null ? {} : { action: old.action }),
        ...(repo === undefined ? {} : { repo }),
        installation,
        payload: old.payload,
      };
      const { delivery, body } = logged(event, old);
      return track(post(delivery, body).then(() => delivery));
    },
    async idle() {
      while (underway.size > 0) await Promise.allSettled(underway);
    },
    stop: () => stopping.abort(),
  };
}
