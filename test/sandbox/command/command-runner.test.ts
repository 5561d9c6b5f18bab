import { writeFileSync } from "node:fs";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCommand } from "../../../sandbox/command/command-runner.ts";
import { noDocker } from "../test-sandbox.ts";
import { type TestWorkshop, testWorkshop } from "./test-workshop.ts";

const MEMORY_BOMB = "node -e 'const a = []; for (;;) a.push(Buffer.alloc(1e7, 1))'";
const LONG = 120_000;

describe.skipIf(noDocker)("how commands end", { timeout: LONG }, () => {
  let at: TestWorkshop;
  beforeAll(async () => {
    at = await testWorkshop({ limits: { diskMb: 32, memoryMb: 128 } });
  });
  afterAll(() => at[Symbol.asyncDispose]());

  it.each([
    ["success", "true", { exitCode: 0, ending: "exited" }],
    ["failure", "exit 3", { exitCode: 3, ending: "exited" }],
    [
      "a signal of its own",
      "kill -TERM $$",
      { exitCode: 143, signal: "SIGTERM", ending: "exited" },
    ],
    ["want of memory", MEMORY_BOMB, { exitCode: 137, signal: "SIGKILL", ending: "out-of-memory" }],
    [
      "a failure by want of memory",
      `${MEMORY_BOMB}; exit 5`,
      { exitCode: 5, ending: "out-of-memory" },
    ],
    [
      "success in spite of want of memory",
      `${MEMORY_BOMB}; true`,
      { exitCode: 0, ending: "exited" },
    ],
    ["a failure after that", "exit 1", { exitCode: 1, ending: "exited" }],
    ["a full place", "head -c 20000000 /dev/zero > /tmp/x", { exitCode: 1, ending: "disk-full" }],
    ["room made again", "rm /tmp/x; exit 1", { exitCode: 1, ending: "exited" }],
    [
      "output closed long before",
      "exec >&- 2>&-; sleep 1; exit 7",
      { exitCode: 7, ending: "exited" },
    ],
    [
      "a process left that holds the output",
      "sleep 300 & exit 4",
      { exitCode: 4, ending: "exited" },
    ],
    [
      "words that only say so",
      "echo Killed; echo oom_kill 9; exit 1",
      { exitCode: 1, ending: "exited" },
    ],
  ])("tells %s", async (_what, script, ending) => {
    const { exitCode, signal, ending: why } = await at.sh(script);

    expect({ exitCode, ...(signal && { signal }), ending: why }).toEqual(ending);
  });

  it("ends a command that writes too much, and goes on", async () => {
    const full = await at.sh("head -c 100000000 /dev/zero > big; sleep 300");
    const removed = await at.sh("rm big; ps -e | grep -c sleep");

    expect(full).toMatchObject({ exitCode: 137, ending: "disk-full" });
    expect(full.peaks?.diskBytes).toBeGreaterThan(32_000_000);
    // Only the keeper's own is left.
    expect(removed).toMatchObject({ ending: "exited" });
    expect(await at.sh("echo fine")).toMatchObject({ exitCode: 0, output: "fine\n" });
  });

  it("ends a command whose time is up although it never stops talking, and goes on", async () => {
    const result = await at.sh("trap '' TERM INT HUP; while :; do echo hi; done", {
      timeoutMs: 1_500,
    });

    expect(result).toMatchObject({ exitCode: 124, ending: "timeout" });
    expect(result.signal).toBeUndefined();
    expect(await at.sh("echo fine")).toMatchObject({ exitCode: 0, output: "fine\n" });
  });

  it.each([
    ["no program", [], {}],
    ["an empty program", [""], {}],
    ["NUL in an argument", ["echo", "a\0b"], {}],
    ["a variable without a name", ["true"], { env: { "": "x" } }],
    ["a name with a sign of equality", ["true"], { env: { "A=B": "x" } }],
    ["a name with a blank", ["true"], { env: { "A B": "x" } }],
    ["a value of two lines", ["true"], { env: { A: "x\ny" } }],
    ["NUL in a value", ["true"], { env: { A: "x\0" } }],
  ])("does not start a command with %s, and says so", async (_what, command, options) => {
    const result = await at.run(command, options);

    expect(result).toMatchObject({ exitCode: 126, ending: "exited", truncated: false });
    expect(result.output).toMatch(/^The command cannot be started: .+\.\n$/);
  });

  it.each([
    ["a program that is not there", ["no-such-program"], {}],
    ["a folder for a program", ["/tmp"], {}],
    ["an argument that is too long", ["echo", "x".repeat(200_000)], {}],
    [
      "arguments that are too many",
      ["true", ...Array.from({ length: 40 }, () => "x".repeat(99_999))],
      {},
    ],
    ["a huge variable", ["true"], { env: { A: "x".repeat(200_000) } }],
  ])("returns what the system says of %s", async (_what, command, options) => {
    const result = await at.run(command, options);

    expect(result.exitCode).not.toBe(0);
    expect(result.output).not.toBe("");
    expect(await at.sh("echo fine")).toMatchObject({ exitCode: 0, output: "fine\n" });
  });

  it("gives variables beside the container's own", async () => {
    const { output } = await at.run(["sh", "-c", 'echo "$HOME|$NOTE"'], {
      env: { NOTE: "a  $(id) 'b'" },
    });

    expect(output).toBe("/home/sandbox|a  $(id) 'b'\n");
  });

  it("measures a command", async () => {
    const { peaks } = await at.run([
      "node",
      "-e",
      `const b = Buffer.alloc(5e7, 1); require("fs").writeFileSync("note", Buffer.alloc(5e6, 1));
       const end = process.cpuUsage().user + 3e5; while (process.cpuUsage().user < end); setTimeout(() => b, 8000)`,
    ]);

    expect(peaks?.memoryBytes).toBeGreaterThan(40_000_000);
    expect(peaks?.memoryBytes).toBeLessThan(134_300_000);
    expect(peaks?.cpuMs).toBeGreaterThan(250);
    expect(peaks?.processes).toBeGreaterThan(3);
    expect(peaks?.diskBytes).toBeGreaterThanOrEqual(5_000_000);
  });

  it("measures by the engine where the kernel's counters are not to be seen", async () => {
    const inside = { ...at.shop.inside, cgroup: async () => undefined };

    const { peaks } = await runCommand(
      { ...at.shop, inside },
      ["node", "-e", "const b = Buffer.alloc(5e7, 1); setTimeout(() => b, 4000)"],
      {},
    );

    expect(peaks?.memoryBytes).toBeGreaterThan(40_000_000);
    expect(peaks?.memoryBytes).toBeLessThan(134_300_000);
    expect(peaks?.processes).toBeGreaterThan(3);
    expect(peaks?.cpuMs).toBeDefined();
  });

  it("keeps a flood's head and tail, and all of it in the log", async () => {
    let logged = 0;
    const reference = { digest: "0".repeat(64), bytes: 3, truncated: true };
    const openLog = () => ({
      write(text: string) {
        logged += text.length;
      },
      finish: async () => reference,
    });

    const result = await runCommand(
      { ...at.shop, openLog },
      ["sh", "-c", "echo first; yes | head -c 20000000; echo last >&2"],
      {},
    );

    expect(result).toMatchObject({ exitCode: 0, truncated: true, log: reference });
    expect(result.output).toMatch(/^first\ny\n[\s\S]*\n… \d+ bytes left out …\n[\s\S]*$/);
    expect(logged).toBe(20_000_000 + "first\nlast\n".length);
  });

  it("keeps the order of what both streams write", async () => {
    let heard = 0;
    const acknowledge = () => {
      heard += 1;
      writeFileSync(join(at.shop.layer, `heard-${heard}`), "");
    };

    const { output } = await at.sh(
      `say() { echo "$1"; while ! [ -e "heard-$2" ]; do sleep 0.05; done; }
       say out 1; say error 2 >&2; say out 3; say error 4 >&2`,
      { onOutput: acknowledge },
    );

    expect(output).toBe("out\nerror\nout\nerror\n");
  });

  it("tells listeners of the session and of the command the same", async () => {
    const heard: string[] = [];
    const shop = { ...at.shop, onOutput: (text: string) => heard.push(`session: ${text}`) };

    await runCommand(shop, ["printf", "\\033[1ma\\nb"], {
      onOutput: (text) => heard.push(`command: ${text}`),
    });

    expect(heard).toEqual(["session: a\n", "command: a\n", "session: b", "command: b"]);
  });

  it("does nothing more than start a command and ask how it ended", async () => {
    const calls: string[] = [];
    const modem = at.docker.modem as { dial: (options: { path: string }, then: unknown) => void };
    const dial = modem.dial;
    modem.dial = function (options, then) {
      calls.push(options.path.replace(/[0-9a-f]{64}/, "ID").replace(/\?.*/, ""));
      dial.call(this, options, then);
    };

    await at.run(["true"]);

    modem.dial = dial;
    expect(calls.slice(0, 3)).toEqual(["/containers/ID/exec", "/exec/ID/start", "/exec/ID/json"]);
    // A busy engine is asked again.
    const again = ["/exec/ID/json", "/containers/ID/json"];
    expect(calls.slice(3).filter((path) => !again.includes(path))).toEqual([]);
  });
});

describe.skipIf(noDocker)("commands in trouble", { timeout: LONG }, () => {
  it("ends a command that falls silent", async () => {
    await using at = await testWorkshop({ limits: { silenceMs: 20_000 } });

    const silent = await at.sh("echo begun; sleep 300");
    const talking = await at.sh("for i in 1 2 3 4 5; do echo $i; sleep 5; done");

    expect(silent).toMatchObject({ exitCode: 124, ending: "silent", output: "begun\n" });
    expect(talking).toMatchObject({ exitCode: 0, ending: "exited" });
  });

  it("throws when the container is ended from outside, while a command runs and after", async () => {
    await using at = await testWorkshop();
    const begun = Promise.withResolvers<void>();
    const running = at.sh("echo begun; sleep 300", { onOutput: () => begun.resolve() });
    const ended = running.then(
      () => "a result",
      (error: unknown) => error,
    );
    await begun.promise;

    await at.shop.container.kill();

    expect(await ended).toMatchObject({ code: "sandbox.killed", retryable: true });
    await expect(at.sh("true")).rejects.toMatchObject({ code: "sandbox.killed" });
    await at.shop.container.remove({ force: true });
    await expect(at.sh("true")).rejects.toMatchObject({ code: "sandbox.killed" });
  });

  it("throws when nobody answers for the engine", async () => {
    await using at = await testWorkshop();
    const nowhere = new Docker({ socketPath: "/nonexistent/docker.sock" });
    const shop = { ...at.shop, container: nowhere.getContainer(at.shop.container.id) };

    const running = runCommand(shop, ["true"], {});

    await expect(running).rejects.toMatchObject({ code: "sandbox.unavailable", retryable: true });
  });

  it("stops when it is cancelled", async () => {
    await using at = await testWorkshop();

    const running = at.sh("echo begun; sleep 300", { onOutput: () => at.abort.abort() });

    await expect(running).rejects.toMatchObject({ code: "aborted" });
  });
});
