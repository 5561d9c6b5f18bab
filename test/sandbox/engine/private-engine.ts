import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { until } from "../../world/until.ts";
import { noDocker } from "../test-sandbox.ts";

/** Why there can be no engine of a test's own here; undefined where there can. */
export const noPrivateEngine = noDocker ?? whyNoPrivateEngine();

function whyNoPrivateEngine(): string | undefined {
  try {
    execFileSync("unshare", ["--net", "--mount", "--pid", "--fork", "dockerd", "--version"], {
      stdio: "pipe",
    });
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`Skipped: no engine can be started here. ${reason}\n`);
    return reason;
  }
}

/** An engine that may be broken. */
export interface PrivateEngine extends AsyncDisposable {
  readonly docker: Docker;
  readonly at: Docker.DockerOptions;
  /** Starts the daemon where it does not run, and waits until it answers. */
  start(): Promise<void>;
  /** Ends the daemon as a crash would. */
  crash(): Promise<void>;
  /** It takes questions and does not answer any more. */
  hang(): Promise<void>;
  wake(): Promise<void>;
  /** Mounts as this engine sees them. */
  mounts(): Promise<string>;
}

// The first process of a namespace of its own: when its input ends, whyever, all that was started in it ends.
const FIRST_PROCESS = `
while read -r word; do
  case $word in
    start)
      rm -f "$1/pid"
      dockerd --data-root "$1/data" --exec-root "$1/exec" --pidfile "$1/pid" --host "unix://$1/socket" \\
        --bridge=none --iptables=false --ip6tables=false --ip-forward=false >>"$1/log" 2>&1 &
      daemon=$! ;;
    crash) kill -9 $daemon; wait $daemon 2>/dev/null ;;
    hang) kill -STOP $daemon ;;
    wake) kill -CONT $daemon ;;
    mounts) cat /proc/self/mounts >"$1/mounts" ;;
    end) kill $daemon; wait $daemon ;;
  esac
  echo "$word"
done`;

// A whole image would take longer to load than all tests together.
const SMALL_ROOT = `
for name in sh sleep cat echo head realpath true stat test; do
  path=$(command -v $name) && [ -e "$path" ] && echo "$path" && ldd "$path" | grep -o '/[^ ]*'
done | sort -u | tar -chf - -T -`;

/** Prepares an engine with the sandbox's image, of which only the shell and what else is needed is there. */
export async function privateEngine(): Promise<PrivateEngine> {
  const folder = await mkdtemp(join(tmpdir(), "nexus-engine-"));
  const namespaces = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const first = spawn("unshare", [...namespaces, "sh", "-c", FIRST_PROCESS, "sh", folder], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(first, "exit");
  const at = { socketPath: join(folder, "socket") };
  const docker = new Docker(at);
  let said = "";
  first.stdout.on("data", (text) => (said += text));

  async function tell(word: string): Promise<void> {
    const before = said.length;
    first.stdin.write(`${word}\n`);
    await until(() => said.slice(before).includes(word), { what: `the engine to ${word}` });
  }
  const answers = () => docker.ping().catch(() => false);
  async function start(): Promise<void> {
    if (await answers()) return;
    await tell("start");
    await until(answers, { what: "an engine to answer" });
  }

  await start();
  const image = `docker run --rm --network none --label nexus.owner=test-engine nexus-sandbox:latest sh -c "$1" |
    docker --host "unix://$2" import - nexus-sandbox:latest`;
  execFileSync("sh", ["-c", image, "sh", SMALL_ROOT, at.socketPath], { stdio: "pipe" });

  return {
    docker,
    at,
    start,
    crash: () => tell("crash"),
    hang: () => tell("hang"),
    wake: () => tell("wake"),
    async mounts() {
      await tell("mounts");
      return await readFile(join(folder, "mounts"), "utf8");
    },
    async [Symbol.asyncDispose]() {
      await tell("wake");
      await tell("end");
      first.stdin.end();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
