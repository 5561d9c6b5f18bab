import { billedError, modelError } from "../provider-error.ts";

const FINE = new Set(["STOP", "MAX_TOKENS", "CONTINUATION", "FINISH_REASON_UNSPECIFIED"]);
const REFUSED = new Set([
  "SAFETY",
  "RECITATION",
  "LANGUAGE",
  "BLOCKLIST",
  "PROHIBITED_CONTENT",
  "SPII",
  "IMAGE_SAFETY",
  "IMAGE_PROHIBITED_CONTENT",
  "IMAGE_RECITATION",
  "MODEL_ARMOR",
]);

/** Throws where an answer did not end as a reply ends. What Gemini got wrong itself may go right next time. */
export function throwIfStopped(finish: string | undefined, message: string): void {
  if (finish === undefined || FINE.has(finish)) return;
  const why = [finish, message].filter((word) => word !== "").join(": ");
  if (REFUSED.has(finish)) {
    throw modelError("model.refused", `The vendor stopped the answer: ${why}`);
  }
  // It is the history that lacks it, and it will not have it next time.
  const isOurs = finish === "MISSING_THOUGHT_SIGNATURE";
  throw billedError(
    isOurs ? "model.bad-request" : "model.malformed",
    `The answer broke off: ${why}`,
  );
}
