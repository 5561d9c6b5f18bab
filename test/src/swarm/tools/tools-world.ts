import { createCommandGate } from "../../../../src/swarm/policy/command-gate.ts";
import type { Tool } from "../../../../src/swarm/tool.ts";
import type { FolderSession } from "../../../fakes/folder-session.ts";

/** Calls a tool as a worker with this session would. */
export const use = (tool: Tool, session: FolderSession, input: unknown) =>
  tool.call(input, {
    session,
    paths: ["src/**", "new/**"],
    commandTimeoutMs: 10_000,
    commands: createCommandGate({ deny: ["make"] }),
  });

/** Makes the session's folder a git repository with one commit. */
export async function gitRepository(session: FolderSession): Promise<void> {
  const commands = [
    "git init -q .",
    "git add -A",
    "git -c user.name=a -c user.email=b commit -qm c",
  ];
  for (const command of commands) await session.run(["sh", "-c", command]);
}
