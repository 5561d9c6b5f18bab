import { z } from "zod";
import type { ModelReply } from "./model.ts";
import { Usage } from "./usage.ts";

/** What is kept of a reply. */
export const KeptReply = z.object({
  text: z.string(),
  calls: z.array(z.object({ id: z.string(), name: z.string(), input: z.string() })),
  usage: Usage,
  stop: z.enum(["end", "calls", "length"]),
  servedBy: z.string().optional(),
  vendor: z.unknown().optional(),
});
export type KeptReply = z.infer<typeof KeptReply>;

/** Replies to requests of one repository, by a key that stands for the model and all of the request. */
export interface ReplyCache {
  /** One that is not too old; undefined where there is none. */
  find(key: string): Promise<KeptReply | undefined>;
  /** Keeps it for a while, unless it is very long. */
  keep(key: string, reply: Omit<ModelReply, "served">): Promise<void>;
}
