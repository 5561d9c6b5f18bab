import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { SandboxSession } from "../../src/core/sandbox.ts";
import { until } from "../world/until.ts";
import type { SmallRepository } from "./small-repository.ts";
import { type TestSandbox, testSandbox } from "./test-sandbox.ts";

interface Installation extends TestSandbox {
  readonly slots?: number;
  /** Instead of running its command on, each session is held and closed. */
  readonly hold?: boolean;
}

interface OtherProcess extends AsyncDisposable {
  /** Ends it as a crash would. */
  kill(): Promise<void>;
}

/** Another process of the same installation, in which a command runs for each of these tasks, and slots wait for them. */
export async function otherProcess(
  { folder, owner, slots = 0, hold = false }: Installation,
  { gitDir, commit }: SmallRepository,
  taskIds: readonly string[],
): Promise<OtherProcess> {
  const self = fileURLToPath(import.meta.url);
  const child = spawn(process.execPath, [
    self,
    folder,
    owner,
    gitDir,
    commit,
    JSON.stringify({ slots, hold }),
    ...taskIds,
  ]);
  const ended = once(child, "exit");
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (output += text));
  await until(() => output.split("running").length - 1 === taskIds.length, {
    what: "the commands of another process to run",
    orFail: () => child.exitCode !== null && output,
  });
  const kill = async () => {
    child.kill("SIGKILL");
    await ended;
  };
  return { kill, [Symbol.asyncDispose]: kill };
}

async function holdSession(session: SandboxSession): Promise<void> {
  await session.hold("a test wants it");
  await session[Symbol.asyncDispose]();
  process.stdout.write("running\n");
}

if (import.meta.main) {
  const [folder = "", owner = "", gitDir = "", commit = "", how = "{}", ...taskIds] =
    process.argv.slice(2);
  const { slots, hold } = JSON.parse(how);
  const { sandbox } = await testSandbox({ folder, owner, slots });
  const never = new AbortController().signal;
  await Promise.all(
    taskIds.map(async (taskId) => {
      const session = await sandbox.open({ gitDir, commit, taskId }, never);
      const onOutput = () => process.stdout.write("running\n");
      if (hold) return await holdSession(session);
      sandbox.warm({ gitDir, commit, taskId });
      await session.run(["sh", "-c", "echo started; sleep 600"], { onOutput });
    }),
  );
}
