import { afterEach, beforeEach } from "vitest";
import type { Message, ModelEvent, ModelRequest } from "../../../../src/core/model.ts";
import { createClaudeCodeProvider } from "../../../../src/models/claude-code/claude-code-provider.ts";
import type { ClaudeProgram } from "../../../../src/models/claude-code/claude-program.ts";
import { type CallBounds, createModel } from "../../../../src/models/create-model.ts";
import {
  type ClaudeFolder,
  type ClaudeScenario,
  makeClaudeFolder,
} from "../../../world/model/claude-folder.ts";
import { until } from "../../../world/until.ts";

export const TOKEN = "sk-ant-oat01-token-of-nobody";

type Asking = Partial<ModelRequest> & {
  readonly signal?: AbortSignal;
  readonly bounds?: Partial<CallBounds>;
  readonly claude?: Partial<ClaudeProgram>;
};

/** A program that stands for Claude Code, anew for each test of the file. */
export function claudeForEachTest() {
  let folder: ClaudeFolder | undefined;
  beforeEach(async () => {
    folder = await makeClaudeFolder();
  });
  afterEach(() => folder?.[Symbol.asyncDispose]());
  const here = () => {
    if (!folder) throw new Error("No test is running.");
    return folder;
  };

  function modelOf(claude: Partial<ClaudeProgram> = {}, bounds: Partial<CallBounds> = {}) {
    const { program, path: home } = here();
    const provider = createClaudeCodeProvider({
      claude: { program, isOnlyMine: true, maxDollars: 2.5, home, token: TOKEN, ...claude },
      model: "sonnet",
      effort: "high",
    });
    return createModel("sonnet", provider, { timeoutMs: 60_000, maxTries: 1, ...bounds });
  }

  return {
    modelOf,
    path: () => here().path,
    seen: () => here().seen(),
    async ask(scenario: ClaudeScenario, asking: Asking = {}) {
      await here().play(scenario);
      const { signal = new AbortController().signal, bounds, claude, ...given } = asking;
      const events: ModelEvent[] = [];
      const request = {
        messages: [{ role: "user", text: "Hello." } satisfies Message],
        tools: [],
        mustCall: false,
        ...given,
      };
      const reply = modelOf(claude, bounds).reply(request, signal, (event) => events.push(event));
      // Looked at by the test, perhaps later.
      reply.catch(() => {});
      return { reply, events };
    },
  };
}

export function isRunning(pid: number | undefined): boolean {
  try {
    process.kill(pid ?? 0, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until a process has ended. */
export async function untilGone(pid: number | undefined): Promise<void> {
  await until(() => !isRunning(pid), { what: "the end of a process" });
}
