import { z } from "zod";
import type { ModelRequest, ToolCall } from "../../core/model.ts";
import { billedError } from "../provider-error.ts";

/** How the model was told to ask for tools. */
const Asking = z.object({
  text: z.string().default(""),
  calls: z.array(z.object({ name: z.string().min(1), input: z.unknown() })).min(1),
});

/** A text that begins a JSON object with calls, wherever it stands. */
const LOOKS_LIKE_CALLS = /\{\s*"(?:text"\s*:[\s\S]{0,2000}"calls|calls)"\s*:\s*\[/;
const MOST_BEGINNINGS = 20;

/** The text and the calls in what the model wrote. */
export interface ToldCalls {
  readonly text: string;
  readonly calls: readonly ToolCall[];
}

interface Written {
  readonly text: string;
  /** What it cost, in millionths of a dollar, also where it is of no use. */
  readonly charged: number | undefined;
}

/** Reads the calls out of a text; fails with `model.malformed` where they were meant or demanded and are not there. */
export function toldCalls(
  { text: written, charged }: Written,
  { tools, mustCall, messages }: Pick<ModelRequest, "tools" | "mustCall" | "messages">,
): ToldCalls {
  const found = tools.length === 0 ? undefined : askingIn(written);
  if (found) {
    const calls = found.asking.calls.map(({ name, input }, place) => ({
      id: `call-${messages.length}-${place}`,
      name,
      input: typeof input === "string" ? input : JSON.stringify(input ?? {}),
    }));
    const text = [found.before, found.asking.text].filter((words) => words !== "").join("\n");
    return { text, calls };
  }
  if (tools.length > 0 && (mustCall || LOOKS_LIKE_CALLS.test(written))) {
    const message = "The model did not write its calls as it was told to.";
    throw billedError("model.malformed", message, charged);
  }
  return { text: written, calls: [] };
}

/** The object may be wrapped, and words may stand before it; nothing may stand behind it. */
function askingIn(written: string) {
  const text = written.replace(/\n?```\s*$/, "").trimEnd();
  const beginnings = [...text.matchAll(/^\{/gm)].slice(0, MOST_BEGINNINGS);
  for (const { index } of beginnings) {
    const { data: asking } = Asking.safeParse(parsed(text.slice(index)));
    const before = text
      .slice(0, index)
      .replace(/```(?:json)?\s*$/i, "")
      .trim();
    if (asking) return { asking, before };
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
