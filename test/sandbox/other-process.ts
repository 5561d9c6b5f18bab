import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { until } from "../world/until.ts";
import type { SmallRepository } from "./small-repository.ts";
import { type TestSandbox, testSandbox } from "./test-sandbox.ts";

interface OtherProcess extends AsyncDisposable {
  /** Ends it as a crash would. */
  kill(): Promise<void>;
}

/** Another process of the same installation, in which a command runs for each of these tasks, and slots wait for them. */
export async function otherProcess(
  { folder, owner, slots = 0 }: TestSandbox & { readonly slots?: number },
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
    String(slots),
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

if (import.meta.main) {
  const [folder = "", owner = "", gitDir = "", commit = "", slots = "", ...taskIds] =
    process.argv.slice(2);
  const { sandbox } = await testSandbox({ folder, owner, slots: Number(slots) });
  const never = new AbortController().signal;
  await Promise.all(
    taskIds.map(async (taskId) => {
      const session = await sandbox.open({ gitDir, commit, taskId }, never);
      const onOutput = () => process.stdout.write("running\n");
      sandbox.warm({ gitDir, commit, taskId });
      await session.run(["sh", "-c", "echo started; sleep 600"], { onOutput });
    }),
  );
}
