import { execFileSync } from "node:child_process";
import { noDocker } from "../test-sandbox.ts";

const RUNTIME = "runsc";

/** Why there can be no tests on gVisor here; undefined where there can. */
export const noGvisor = noDocker ?? whyNoGvisor();

function whyNoGvisor(): string | undefined {
  // Known to the engine is not enough: it has to start on this kernel.
  const trial = ["run", "--rm", "--runtime", RUNTIME, "--network", "none", "nexus-sandbox:latest"];
  try {
    execFileSync("docker", [...trial, "true"], { stdio: "pipe", timeout: 60_000 });
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(`Skipped: no gVisor here (sh docker/provision.sh gvisor). ${reason}\n`);
    return reason;
  }
}
