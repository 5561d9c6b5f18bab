import { createPrivateKey } from "node:crypto";
import { z } from "zod";
import { NexusError } from "../core/errors.ts";

const TIMEOUT_MS = 20_000;

/** The fields of GitHub's answer that we read. They end in a file, so each may only be what it is. */
const Conversion = z.object({
  id: z.number().int().positive(),
  slug: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,100}$/i),
  pem: z.string().max(20_000).refine(isPrivateKey, "no private key"),
  webhook_secret: z.string().regex(/^[A-Za-z0-9_+/=-]{32,200}$/),
  html_url: z.url({ protocol: /^https?$/ }),
});

/** A registered App with its secrets. */
export interface RegisteredApp {
  readonly id: number;
  readonly slug: string;
  readonly privateKey: string;
  readonly webhookSecret: string;
  readonly page: string;
}

interface Exchange {
  readonly apiUrl: string;
  readonly code: string;
  readonly signal: AbortSignal;
}

/** Exchanges the code for the App's secrets; a code works once, for an hour. */
export async function exchangeCode({ apiUrl, code, signal }: Exchange): Promise<RegisteredApp> {
  const url = `${apiUrl}/app-manifests/${encodeURIComponent(code)}/conversions`;
  const response = await fetch(url, {
    method: "POST",
    headers: { accept: "application/vnd.github+json", "user-agent": "nexus-setup" },
    redirect: "manual",
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
  }).catch((cause: unknown) => {
    throw unreachable(apiUrl, cause, signal);
  });
  if (!response.ok) throw refused(response.status);
  const { data, error } = Conversion.safeParse(await response.json().catch(() => undefined));
  // Which fields, and never what was in them: the answer holds secrets.
  if (!data) throw unexpected(error.issues.map(({ path }) => path.join(".")));
  const { id, slug, pem, webhook_secret, html_url } = data;
  const page = new URL(html_url).href;
  return { id, slug, privateKey: pem, webhookSecret: webhook_secret, page };
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === "rsa";
  } catch {
    return false;
  }
}

function unreachable(apiUrl: string, cause: unknown, signal: AbortSignal): NexusError {
  if (signal.aborted) return new NexusError("aborted", "The setup was stopped.", { cause });
  return new NexusError("github.unreachable", `${apiUrl} does not answer.`, {
    hint: "Is GITHUB_URL right, and can this machine reach it? The code works for an hour: run npm run setup again.",
    retryable: true,
    cause,
  });
}

function refused(status: number): NexusError {
  if (status === 404 || status === 422) {
    return new NexusError("github.refused", `GitHub does not take the code (${status}).`, {
      hint: "A code works once and for an hour. Delete the App that was made, and run npm run setup again.",
    });
  }
  return new NexusError("github.refused", `GitHub answered ${status} to the code.`, {
    hint: "See https://www.githubstatus.com, then run npm run setup again.",
    retryable: status >= 500,
  });
}

function unexpected(fields: readonly string[]): NexusError {
  const named = fields.filter(Boolean).join(", ") || "not JSON";
  return new NexusError("github.refused", `GitHub's answer is not as documented: ${named}.`, {
    hint: "Does GITHUB_URL name a GitHub? The App may exist now: see your settings on GitHub.",
  });
}
