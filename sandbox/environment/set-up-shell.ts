import type Docker from "dockerode";
import { killed } from "../command/exec-calls.ts";
import { execute } from "../command/execute.ts";
import type { WayOut } from "../egress/egress.ts";
import { createOutputTail } from "./output-tail.ts";
import type { SetUpDisk } from "./set-up-disk.ts";
import { commandFailed, tooLarge } from "./set-up-failure.ts";
import type { SetUpPlan } from "./set-up-plan.ts";
import { stepEnv } from "./step-env.ts";

const OUTPUT_BYTES = 8_192;
const ANSWER_MS = 60_000;

interface Step {
  readonly env: Readonly<Record<string, string>>;
  /** Absent where the command has no network. */
  readonly way?: WayOut | undefined;
  /** Programs whose packages are missing, for the image has none of them. */
  readonly lacking?: readonly string[];
}

/** Runs the commands of a set-up in its container, within its time and its disk. */
export interface Shell {
  /** Throws where the command does not succeed. */
  run(command: string, step: Step): Promise<void>;
  has(program: string): Promise<boolean>;
}

interface ShellParts {
  readonly container: Docker.Container;
  readonly plan: SetUpPlan;
  readonly uid: number;
  readonly diskMb: number;
  readonly disk: SetUpDisk;
  /** When its time is over. */
  readonly until: number;
  readonly signal: AbortSignal;
}

/** A shell in a started container. */
export function createShell(parts: ShellParts): Shell {
  const { container, plan, disk, until, signal } = parts;

  async function attempt(
    command: string,
    env: Readonly<Record<string, string>>,
    timeoutMs = Math.max(1, until - performance.now()),
  ) {
    const output = createOutputTail(OUTPUT_BYTES);
    const { exitCode } = await execute(container, {
      argv: ["sh", "-c", command],
      user: `${parts.uid}:${parts.uid}`,
      env,
      timeoutMs,
      signal,
      disk: disk.full,
      onPayload: output.take,
    });
    return { exitCode, output: output.text() };
  }

  return {
    async has(program) {
      const { PATH = "" } = plan.env;
      return (await attempt(`command -v ${program} >/dev/null`, { PATH })).exitCode === 0;
    },
    async run(command, { env, way, lacking = [] }) {
      const ended = await attempt(command, stepEnv(env, way?.env));
      if (ended.exitCode === 0) return;
      // A limit of the disk cuts a command off too.
      if (disk.full.aborted) throw tooLarge(parts.diskMb);
      // A container that is being killed takes its commands with it a moment before: it has to answer once more.
      if ((await attempt("true", {}, ANSWER_MS)).exitCode !== 0) throw killed();
      const attempts = (await way?.attempts().catch(() => [])) ?? [];
      const isOwn = plan.commands !== undefined;
      throw commandFailed({ command, ...ended, isOwn, attempts, lacking });
    },
  };
}
