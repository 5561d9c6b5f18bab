import { createHash } from "node:crypto";
import { canonicalText, plainAnswer, plainTool } from "../../core/canonical-request.ts";
import type { ModelRequest } from "../../core/model.ts";
import { type Candidate, titleOf } from "./candidate.ts";

/** One key for one request to one model: the same where everything that can change the reply is the same. */
export function requestKey(candidate: Candidate, request: ModelRequest): string {
  const { messages, tools } = request;
  const whole = [
    titleOf(candidate),
    candidate.fingerprint ?? "",
    messages,
    tools.map(plainTool),
    plainAnswer(request),
  ];
  return createHash("sha256").update(canonicalText(whole)).digest("hex");
}
