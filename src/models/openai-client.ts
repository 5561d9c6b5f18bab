import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError } from "openai";
import { unreachable } from "./failure.ts";
import { modelError } from "./provider-error.ts";
import { Rejected, rejectionOf } from "./rejection.ts";
import { type Address, createSend, throwIfInvalidAddress } from "./send.ts";

/** The SDK has a limit for a call; ours, which know of silence and retries, are to come first. */
const NO_LIMIT_MS = 2 ** 31 - 1;

/** The SDK's client with every choice made here, so that nothing in the environment changes where calls go. */
export function openAiClient(address: Address): OpenAI {
  throwIfInvalidAddress(address);
  const { baseUrl, apiKey, headers = {} } = address;
  return new OpenAI({
    apiKey,
    baseURL: baseUrl,
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    logLevel: "off",
    maxRetries: 0,
    timeout: NO_LIMIT_MS,
    fetch: createSend(() => ({ authorization: `Bearer ${apiKey}`, ...headers })),
  });
}

/** An error of the SDK in terms of the seam; any other error as it is. */
export function openAiFailure(error: unknown): unknown {
  if (error instanceof APIConnectionTimeoutError) {
    return modelError("model.timeout", "The model's vendor did not answer in time.");
  }
  if (error instanceof APIConnectionError) return unreachable(error);
  return error instanceof APIError ? new Rejected(rejectionOf(error)) : error;
}
