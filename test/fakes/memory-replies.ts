import { KeptReply, type ReplyCache } from "../../src/core/reply-cache.ts";

/** Replies of one repository, kept in memory for ever. */
export function memoryReplies(): ReplyCache {
  const replies = new Map<string, KeptReply>();
  return {
    find: async (key) => structuredClone(replies.get(key)),
    async keep(key, reply) {
      replies.set(key, KeptReply.parse(structuredClone(reply)));
    },
  };
}
