import type { SandboxSession } from "../../../../src/core/sandbox.ts";
import { createOutputs } from "../../../../src/swarm/outputs.ts";
import { createCommandGate } from "../../../../src/swarm/policy/command-gate.ts";
import { createProving } from "../../../../src/swarm/proving.ts";
import type { Bench, Tool } from "../../../../src/swarm/tool.ts";
import { createSyntax } from "../../../../src/syntax/create-syntax.ts";
import type { FolderSession } from "../../../fakes/folder-session.ts";

/** A worker's bench with this session. */
export function benchOf(session: SandboxSession, changes: Partial<Bench> = {}): Bench {
  return {
    session,
    item: { paths: ["src/**", "new/**"] },
    commandTimeoutMs: 10_000,
    commands: createCommandGate({ deny: ["make"] }),
    room: 16_000,
    outputs: createOutputs(),
    proving: createProving(async () => undefined),
    syntax: createSyntax,
    ...changes,
  };
}

/** Calls a tool as a worker with this session would. */
export const use = (tool: Tool, session: SandboxSession, input: unknown) =>
  tool.call(input, benchOf(session));

/** Makes the session's folder a git repository with one commit. */
export async function gitRepository(session: FolderSession): Promise<void> {
  const commands = [
    "git init -q .",
    "git add -A",
    "git -c user.name=a -c user.email=b commit -qm c",
  ];
  for (const command of commands) await session.run(["sh", "-c", command]);
}
