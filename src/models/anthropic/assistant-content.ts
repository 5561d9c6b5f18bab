import type { ContentBlockParam } from "@anthropic-ai/sdk/resources/messages";
import { z } from "zod";
import type { Message } from "../../core/model.ts";
import { type Origin, ownPart } from "../vendor-part.ts";
import { wireCallId, wireInput, wireText } from "../wire-text.ts";

/** A block as Anthropic sent it. Its thinking is signed: it goes back byte for byte, and in its place. */
const Block = z.looseObject({ type: z.string() });
const Blocks = z.array(Block);
export type Block = z.infer<typeof Block>;

type AssistantMessage = Message & { role: "assistant" };

/** A past turn of the model: as it was received where it is this model's own, else its text and its calls. */
export function assistantContent(message: AssistantMessage, origin: Origin): ContentBlockParam[] {
  const { data: received } = Blocks.safeParse(ownPart(origin, message.vendor));
  if (received && saysTheSame(received, message)) {
    return received.flatMap((block) => restored(block, message));
  }
  const text = message.text.trim() === "" ? [] : [textBlock(message.text)];
  return [...text, ...message.calls.map(callBlock)];
}

function saysTheSame(blocks: readonly Block[], { text, calls }: AssistantMessage): boolean {
  const ids = blocks.flatMap(({ type, id }) => (type === "tool_use" ? [id] : []));
  return (
    textIn(blocks) === text &&
    ids.length === calls.length &&
    ids.every((id, place) => calls[place]?.id === id)
  );
}

/** The words of a turn. */
export function textIn(blocks: readonly Block[]): string {
  return blocks.flatMap(({ type, text }) => (type === "text" ? [text] : [])).join("");
}

function restored(block: Block, { calls }: AssistantMessage): ContentBlockParam[] {
  if (block.type === "text") {
    const text = String(block.text);
    return text.trim() === "" ? [] : [textBlock(text)];
  }
  if (block.type === "tool_use") {
    return calls.filter(({ id }) => id === block.id).map(callBlock);
  }
  // Opaque, and of a kind that the vendor itself sent.
  return [block as unknown as ContentBlockParam];
}

function textBlock(text: string): ContentBlockParam {
  return { type: "text", text: wireText(text) };
}

function callBlock({ id, name, input }: AssistantMessage["calls"][number]): ContentBlockParam {
  return { type: "tool_use", id: wireCallId(id), name, input: wireInput(input) };
}
