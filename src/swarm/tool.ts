import { z } from "zod";
import type { CommandResult } from "../core/evidence.ts";
import type { ToolCall, ToolDefinition } from "../core/model.ts";
import type { WorkItem } from "../core/plan.ts";
import type { SandboxSession } from "../core/sandbox.ts";
import type { Syntax } from "../core/syntax.ts";
import type { Seat } from "./board.ts";
import type { Outputs } from "./outputs.ts";
import type { Proving } from "./proving.ts";
import { MAX_INPUT } from "./step.ts";

/** What a tool may reach: the sandbox, and what the swarm offers a worker. */
export interface Bench {
  readonly session: SandboxSession;
  /** Globs of the paths that may be changed, and where files are shared by symbol, what of them. */
  readonly item: Pick<WorkItem, "paths" | "symbols">;
  readonly commandTimeoutMs: number;
  readonly commands: CommandGate;
  /** How many characters the answer may have; what is longer is cut by whoever hands it on. */
  readonly room: number;
  /** What was too long to be shown whole. */
  readonly outputs: Outputs;
  readonly proving: Proving;
  /** Parsers; absent where there are none. */
  readonly syntax?: (() => Promise<Syntax>) | undefined;
  /** Answers a question from the repository as it was when the work began; absent where nobody can. Hostile text. */
  readonly context?: ((question: string) => Promise<string>) | undefined;
  /** This worker's place at the board; absent where there is no board. */
  readonly seat?: Seat | undefined;
}

/** Who says what becomes of a command that an agent asks for, before anything of it runs. */
export interface CommandGate {
  ask(
    command: string,
  ): { readonly kind: "run" | "recorded" } | { readonly kind: "refused"; readonly why: string };
  /** To be told of what was run. */
  ran(command: string, result: CommandResult): void;
}

/** What the model is told of its call. `changed` is true where files are not what they were. */
export interface ToolResult {
  readonly kind: "done" | "failed" | "malformed";
  readonly text: string;
  readonly changed?: boolean;
}

export interface Tool {
  readonly definition: ToolDefinition;
  /** Throws only when the sandbox, or what the swarm offers, is broken. */
  call(input: unknown, bench: Bench): Promise<ToolResult>;
}

interface ToolShape<Input extends z.ZodType> {
  readonly name: string;
  readonly description: string;
  readonly input: Input;
  use(input: z.infer<Input>, bench: Bench): Promise<ToolResult>;
}

/** A tool that is used only with input of its schema. */
export function createTool<Input extends z.ZodType>(shape: ToolShape<Input>): Tool {
  const { name, description, input: schema } = shape;
  return {
    definition: { name, description, input: schema },
    async call(input, bench) {
      const parsed = schema.safeParse(input);
      if (!parsed.success) return malformed(schemaProblem(parsed.error));
      return await shape.use(parsed.data, bench);
    },
  };
}

/** The call could be done and was. */
export function done(text: string): ToolResult {
  return { kind: "done", text };
}

/** The call was understood and is answered with no. */
export function failed(text: string): ToolResult {
  return { kind: "failed", text };
}

/** The call was not understood. */
export function malformed(text: string): ToolResult {
  return { kind: "malformed", text };
}

/** The raw input of a call as JSON, or what is wrong with it. */
export function parseInput(call: ToolCall): { input: unknown } | { problem: string } {
  if (call.input.length > MAX_INPUT) {
    return { problem: `The input is larger than ${MAX_INPUT} characters. Do it in smaller parts.` };
  }
  try {
    return { input: JSON.parse(call.input) };
  } catch (error) {
    const detail = error instanceof Error ? error.message : "";
    return {
      problem: `The input is not JSON: ${detail} Send one JSON object and nothing around it.`,
    };
  }
}

/** What is wrong with input that does not fit its schema, in words for the model. */
export function schemaProblem(error: z.ZodError): string {
  return `The input does not fit the schema:\n${z.prettifyError(error).slice(0, 4000)}`;
}
