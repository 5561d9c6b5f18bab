import type { ModelReply, ModelRequest } from "../../core/model.ts";
import type { ReplyCache } from "../../core/reply-cache.ts";
import { NO_USAGE } from "../../core/usage.ts";
import type { Candidate } from "./candidate.ts";
import { requestKey } from "./request-key.ts";

/** Replies of before, for requests that say that they will do. */
export interface Reuse {
  find(candidate: Candidate, request: ModelRequest): Promise<ModelReply | undefined>;
  keep(candidate: Candidate, request: ModelRequest, reply: ModelReply): Promise<void>;
}

/** Reuse out of this cache; one that does not work costs only what it would have saved. */
export function createReuse(cache: ReplyCache, onTrouble: (error: unknown) => void): Reuse {
  return {
    async find(candidate, request) {
      if (request.reusable !== true) return undefined;
      try {
        const kept = await cache.find(requestKey(candidate, request));
        if (!kept) return undefined;
        const { servedBy, vendor, ...reply } = kept;
        const told = { ...(servedBy !== undefined && { servedBy }) };
        return { ...reply, ...told, ...(vendor !== undefined && { vendor }), usage: NO_USAGE };
      } catch (error) {
        onTrouble(error);
        return undefined;
      }
    },
    async keep(candidate, request, reply) {
      // A reply that was cut off may be whole the next time.
      if (request.reusable !== true || reply.stop === "length") return;
      const { served: _, cost: __, ...kept } = reply;
      await cache.keep(requestKey(candidate, request), kept).catch(onTrouble);
    },
  };
}
