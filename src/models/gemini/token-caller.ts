import type { AuthClient } from "google-auth-library";
import { z } from "zod";
import { unreachable } from "../failure.ts";
import { modelError } from "../provider-error.ts";
import { Rejected } from "../rejection.ts";
import type { Caller } from "./caller.ts";

const Refusal = z.object({
  status: z.number(),
  response: z.object({
    data: z
      .object({ error: z.unknown().optional(), error_description: z.string().catch("") })
      .catch({ error: "", error_description: "" }),
  }),
});

/** Whoever has short-lived tokens of Google's, which are renewed by themselves. */
export function tokenCaller(client: AuthClient, secrets: readonly string[]): Caller {
  return {
    async headers(signal) {
      const token = await within(tokenOf(client), signal);
      return { authorization: `Bearer ${token}` };
    },
    renew() {
      // Without it the library asks for another one.
      const { access_token: _, expiry_date: __, ...rest } = client.credentials;
      client.setCredentials(rest);
      return true;
    },
    secrets: () => [...secrets, ...Object.values(client.credentials).filter(isText)],
  };
}

async function tokenOf(client: AuthClient): Promise<string> {
  const { token } = await client.getAccessToken().catch((error: unknown) => {
    throw failureOf(error);
  });
  if (!token) throw modelError("model.auth", "Google gave no token.");
  return token;
}

/** The library's errors carry the request with its secrets: nothing of them is kept but what Google said. */
function failureOf(error: unknown): unknown {
  const { data } = Refusal.safeParse(error);
  if (!data) {
    // Its other errors have no cause.
    return error instanceof Error && error.cause instanceof Error
      ? unreachable(error)
      : modelError("model.auth", "Google's sign-in library takes no token from these credentials.");
  }
  const { status, response } = data;
  const { error: word, error_description: why } = response.data;
  return new Rejected({
    status: status < 500 && status !== 429 && status !== 408 ? 401 : status,
    code: "",
    type: "",
    param: "",
    text: `No token: ${[typeof word === "string" ? word : "", why].filter(Boolean).join(": ")}`,
    headers: undefined,
  });
}

/** The library knows no signals. */
async function within<T>(waiting: Promise<T>, signal: AbortSignal): Promise<T> {
  const stopped = Promise.withResolvers<never>();
  const stop = () => stopped.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await Promise.race([waiting, stopped.promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length > 8;
}
