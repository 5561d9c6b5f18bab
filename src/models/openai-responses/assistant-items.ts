import type { ResponseInputItem } from "openai/resources/responses/responses";
import { z } from "zod";
import type { Message, ToolCall } from "../../core/model.ts";
import { type Origin, ownPart } from "../vendor-part.ts";
import { wireArguments, wireCallId, wireText } from "../wire-text.ts";

/** An item as OpenAI sent it. Its reasoning is sealed: it goes back byte for byte, and in its place. */
export const Item = z.looseObject({ type: z.string() });
export type Item = z.infer<typeof Item>;

type AssistantMessage = Message & { role: "assistant" };

const Content = z.array(z.looseObject({ type: z.string(), text: z.string().catch("") })).catch([]);

/** A past turn of the model: as it was received where it is this model's own, else its text and its calls. */
export function assistantItems(message: AssistantMessage, origin: Origin): ResponseInputItem[] {
  const { data: received } = z.array(Item).safeParse(ownPart(origin, message.vendor));
  if (received && saysTheSame(received, message)) {
    return received.flatMap((item) => restored(item, message));
  }
  const { text, calls } = message;
  const said: ResponseInputItem[] =
    text === "" ? [] : [{ role: "assistant", content: wireText(text) }];
  return [...said, ...calls.map((call) => callItem(call))];
}

function saysTheSame(items: readonly Item[], { text, calls }: AssistantMessage): boolean {
  const ids = items.flatMap((item) => (item.type === "function_call" ? [item.call_id] : []));
  return (
    textIn(items) === text &&
    ids.length === calls.length &&
    ids.every((id, place) => calls[place]?.id === id)
  );
}

/** The words of a turn. */
export function textIn(items: readonly Item[]): string {
  return items
    .filter(({ type }) => type === "message")
    .flatMap(({ content }) => Content.parse(content))
    .flatMap(({ type, text }) => (type === "output_text" ? [text] : []))
    .join("");
}

function restored(item: Item, { calls }: AssistantMessage): ResponseInputItem[] {
  if (item.type !== "function_call") {
    // Opaque, and of a kind that the vendor itself sent.
    return [item as unknown as ResponseInputItem];
  }
  const call = calls.find(({ id }) => id === item.call_id);
  return call ? [callItem(call, item)] : [];
}

function callItem({ id, name, input }: ToolCall, received: Partial<Item> = {}): ResponseInputItem {
  const own = z.object({ id: z.string() }).safeParse(received).data;
  return {
    type: "function_call",
    ...own,
    call_id: wireCallId(id),
    name,
    arguments: wireArguments(input),
  };
}
