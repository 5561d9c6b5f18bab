import type { Logger } from "pino";
import { type ApplicationFunction, Probot } from "probot";
import { NexusError } from "../core/errors.ts";

/** One webhook request, unread: `body` is exactly what was signed. */
export interface RawDelivery {
  readonly id: string;
  readonly name: string;
  readonly signature: string;
  readonly body: string;
}

export type Receipt = "received" | "bad-signature" | "bad-json";

/** Verifies a delivery and hands it to the app. Throws what the app threw. */
export type ReceiveDelivery = (delivery: RawDelivery) => Promise<Receipt>;

/**
 * Probot without its server: signature check and event dispatch only. It gets no key and no token,
 * since the web process never calls GitHub.
 */
export async function createReceiver(options: {
  secret: string;
  app: ApplicationFunction;
  log: Logger;
}): Promise<ReceiveDelivery> {
  const probot = new Probot({
    secret: options.secret,
    githubToken: "none",
    log: quiet(options.log),
  });
  await probot.ready();
  await probot.load(options.app);
  return async ({ id, name, signature, body }) => {
    if (!(await probot.webhooks.verify(body, signature).catch(() => false))) return "bad-signature";
    if (!isJsonObject(body)) return "bad-json";
    try {
      await probot.webhooks.verifyAndReceive({ id, name, signature, payload: body });
      return "received";
    } catch (error) {
      throw firstOf(error);
    }
  };
}

/** Probot logs whole payloads; they are other people's text and stay out of our log. */
function quiet(log: Logger): Logger {
  return log.child({}, { level: "silent" });
}

function isJsonObject(body: string): boolean {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null;
  } catch {
    return false;
  }
}

/** The app's own error out of the bundle that the webhooks library makes of it. */
function firstOf(error: unknown): unknown {
  if (!(error instanceof AggregateError)) return error;
  const [first] = error.errors;
  if (first instanceof Error && first.cause instanceof NexusError) return first.cause;
  return first ?? error;
}
