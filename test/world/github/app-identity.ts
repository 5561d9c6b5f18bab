import { generateKeyPairSync, randomBytes } from "node:crypto";
import { type AppIdentity, now } from "./state.ts";

/** What may be fixed about the App; the rest is made up afresh. */
export type AppOptions = Partial<
  Pick<AppIdentity, "id" | "slug" | "privateKey" | "webhookSecret" | "permissions" | "events">
>;

const PERMISSIONS: Record<string, string> = {
  metadata: "read",
  contents: "write",
  issues: "write",
  pull_requests: "write",
  checks: "write",
  statuses: "write",
  actions: "read",
};

const EVENTS = ["issue_comment", "issues", "pull_request", "push", "check_run"];

function newKey(): string {
  const { privateKey } = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  return privateKey;
}

/** An App with a key and a webhook secret of its own. */
export function createApp(options: AppOptions): AppIdentity {
  const slug = options.slug ?? "nexus";
  return {
    id: options.id ?? 4711,
    slug,
    clientId: `Iv1.${randomBytes(8).toString("hex")}`,
    name: slug,
    privateKey: options.privateKey ?? newKey(),
    webhookSecret: options.webhookSecret ?? randomBytes(32).toString("hex"),
    permissions: options.permissions ?? PERMISSIONS,
    events: options.events ?? EVENTS,
    createdAt: now(),
  };
}
