/*
 * The seam between one vendor's wire and what all vendors share.
 *
 * An adapter is a folder (`openai-chat/`, `anthropic/`, …) with one `createXProvider(options): Provider`
 * and one case in `open-model.ts`. It makes one try of one request and knows nothing of retries,
 * deadlines, silence or what people are shown: `create-model.ts` does that for everybody.
 *
 * What an adapter does in `ask`:
 * - sends one request (two where it must learn what a vendor does not take) with the SDK's retries off,
 *   through `send.ts` where the SDK takes a `fetch`: it follows no redirect and sends only our headers;
 * - gives `signal` to everything that waits and calls `heard` whenever bytes arrive;
 * - reads the answer with `piecesOf` (`answer.ts`), which has a bound and knows server-sent events;
 * - calls `tell` for what arrives; only the returned reply counts;
 * - marks what its model wants back with `vendorPart` (`vendor-part.ts`) and hands back only its own;
 * - describes tools with `toolSchema` (`json-schema.ts`);
 * - throws `Rejected` with what the vendor said, or `modelError(code, …)` where it knows the code
 *   itself, or `unreachable(error)` for a broken connection. Anything else thrown is a bug.
 *
 * Its test calls `modelContract` (`test/contracts/model.contract.ts`) with a server of its wire.
 */
import type { ModelEvent, ModelReply, ModelRequest } from "../core/model.ts";

/** One try of one call, and what belongs to it. */
export interface Try {
  readonly request: ModelRequest;
  /** Fires for whichever reason there is to stop. */
  readonly signal: AbortSignal;
  /** To be called whenever the vendor gives a sign of life. */
  readonly heard: () => void;
  /** Takes what can be shown already. */
  readonly tell: (event: ModelEvent) => void;
}

/** One model behind one vendor's wire. */
export interface Provider {
  /** One try: a reply, or `Rejected`, or NexusError `model.*`. */
  ask(one: Try): Promise<ModelReply>;
  /** The keys and tokens now in use, which no error may quote. */
  secrets(): readonly string[];
}
