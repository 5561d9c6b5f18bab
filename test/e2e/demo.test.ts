import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { until } from "../world/until.ts";
import { runByHand } from "./by-hand.ts";

const run = promisify(execFile);
const DEMO = resolve(import.meta.dirname, "../world/demo.ts");

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "demo-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function startDemo(...args: string[]) {
  const child = spawn(process.execPath, [DEMO, "--folder", folder, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  return { child, output: () => output, exited: once(child, "exit") };
}

/** Processes and containers that name the demo's folder or label. */
async function leftovers(): Promise<string[]> {
  const { stdout: processes } = await run("ps", ["-eo", "args"]);
  const label = "label=nexus.owner=nexus-demo";
  const { stdout: containers } = await run("docker", ["ps", "-aq", "--filter", label]);
  return [
    ...processes.split("\n").filter((line) => line.includes(folder)),
    ...containers.split("\n"),
  ].filter((line) => line !== "" && !line.startsWith("ps "));
}

describe("the demo", () => {
  it.each([
    ["by rule", [], "fix-the-failing-checks"],
    ["by rule, again", [], "fix-the-failing-checks"],
    ["by a swarm", ["--swarm"], "add-median-range-and-mode"],
    ["by a swarm, again", ["--swarm"], "add-median-range-and-mode"],
  ])("ends %s with a pull request whose head passes the checks by hand", async (_, args, slug) => {
    const demo = startDemo(...args);
    const [code] = await demo.exited;

    expect([code, demo.output()]).toEqual([0, expect.stringMatching(/Done: http:\S+\/pull\/2/)]);
    const bare = join(folder, "github/acme/sums.git");
    const { stdout } = await run("git", [
      "-C",
      bare,
      "for-each-ref",
      "--format=%(objectname) %(refname)",
    ]);
    const head = stdout.split("\n").find((line) => line.includes(`refs/heads/nexus/1-${slug}`));
    expect(head).toBeDefined();
    expect(demo.output()).toContain(head?.slice(0, 7));
    const commands = ["npm run format:check", "npm test"];
    expect(await runByHand(bare, head?.split(" ")[0] ?? "", commands)).toEqual([0, 0]);
    expect(await leftovers()).toEqual([]);
  });

  it("says that the model's words are recorded", async () => {
    const demo = startDemo("--swarm");
    await until(() => demo.output().includes("recorded"), { what: "the demo to say so" });
    demo.child.kill("SIGINT");
    await demo.exited;

    expect(demo.output()).toContain("The model's words are recorded");
  });

  it("ends at Ctrl-C and leaves nothing running", async () => {
    const demo = startDemo();
    await until(() => demo.output().includes("running the checks"), {
      what: "the demo to be busy",
      tell: demo.output,
    });

    demo.child.kill("SIGINT");
    const [code] = await demo.exited;

    expect(code).toBe(130);
    await until(async () => (await leftovers()).length === 0, { what: "everything to be gone" });
  });
});
