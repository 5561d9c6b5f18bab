import { createHash } from "node:crypto";
import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SandboxSession } from "../../src/core/sandbox.ts";
import { type SmallRepository, smallRepository } from "./small-repository.ts";
import { noDocker, type TestSandbox, testSandbox } from "./test-sandbox.ts";

const CANARY = "canary-5f1c9d";

// Numbers of system calls, which differ from one processor to the other.
const CALLS = {
  x64: { socket: 41, io_uring_setup: 425, userfaultfd: 323, keyctl: 250, add_key: 248, bpf: 321 },
  arm64: {
    socket: 198,
    io_uring_setup: 425,
    userfaultfd: 282,
    keyctl: 219,
    add_key: 217,
    bpf: 280,
  },
}[process.arch === "arm64" ? "arm64" : "x64"];

describe.skipIf(noDocker)("the walls of the Docker sandbox", () => {
  let parts: TestSandbox;
  let repository: SmallRepository;
  beforeAll(async () => {
    process.env.NEXUS_TEST_CANARY = CANARY;
    parts = await testSandbox();
    repository = await smallRepository({
      "README.md": "# Small\n",
      "src/a.txt": "a\n",
      out: { link: "/etc" },
    });
  });
  afterAll(async () => {
    delete process.env.NEXUS_TEST_CANARY;
    await repository[Symbol.asyncDispose]();
    await parts[Symbol.asyncDispose]();
  });

  const never = new AbortController().signal;
  const open = (taskId = "t1"): Promise<SandboxSession> =>
    parts.sandbox.open({ gitDir: repository.gitDir, commit: repository.commit, taskId }, never);
  const inShell = async (script: string) => {
    await using session = await open();
    return await session.run(["sh", "-c", script], { timeoutMs: 30_000 });
  };

  it("has no network but its own loopback", async () => {
    const script = `
      const net = require("node:net"), dns = require("node:dns/promises"), os = require("node:os");
      const reach = (host) => new Promise((done) => {
        const socket = net.connect({ host, port: 80, timeout: 3000 });
        for (const event of ["error", "timeout"]) socket.on(event, () => done("none"));
        socket.on("connect", () => done("CONNECTED " + host));
      });
      (async () => {
        const hosts = ["169.254.169.254", "172.17.0.1", "1.1.1.1", "2606:4700:4700::1111"];
        const name = await dns.lookup("example.com").then(() => "RESOLVED", () => "none");
        console.log(Object.keys(os.networkInterfaces()).join(), name, ...(await Promise.all(hosts.map(reach))));
        process.exit(0);
      })();`;
    await using session = await open();

    const result = await session.run(["node", "-e", script]);

    expect(result.output).toBe("lo none none none none none\n");
  });

  it("knows its own loopback by name", async () => {
    const result = await inShell("getent ahosts localhost | cut -d' ' -f1 | sort -u");

    expect(result.output).toBe("127.0.0.1\n::1\n");
  });

  it("runs as nobody of importance, without capabilities and without a way to get any", async () => {
    const result = await inShell(
      "id -u; grep -E '^(Cap(Inh|Prm|Eff|Bnd|Amb)|NoNewPrivs|Seccomp):' /proc/self/status | tr -d '\\t'",
    );

    expect(result.output.split("\n")).toEqual([
      process.getuid?.() === 0 ? "10001" : String(process.getuid?.()),
      "CapInh:0000000000000000",
      "CapPrm:0000000000000000",
      "CapEff:0000000000000000",
      "CapBnd:0000000000000000",
      "CapAmb:0000000000000000",
      "NoNewPrivs:1",
      "Seccomp:2",
      "",
    ]);
  });

  it.each([
    ["the file system of the image", "echo x > /etc/passwd"],
    ["folders of the image that are open to everybody", "echo x > /var/tmp/x"],
    ["the programs", "echo x > /usr/bin/git"],
    ["the kernel's settings", "echo x > /proc/sys/kernel/core_pattern"],
    ["the control groups", "mkdir /sys/fs/cgroup/memory/x /sys/fs/cgroup/x"],
    ["namespaces", "unshare --user true"],
    ["mounts", "mount -t tmpfs none /tmp"],
    ["devices", "mknod /workspace/null c 1 3"],
    ["whiteouts of its own", "mknod /workspace/gone c 0 0"],
    ["hard links to the image", "ln /etc/passwd /workspace/passwd"],
    ["the process that keeps the container", "kill -9 1"],
    ["Docker", "ls /var/run/docker.sock"],
    ["the kernel's log", "dmesg"],
  ])("does not let commands at %s", async (_what, script) => {
    const result = await inShell(`${script} 2>&1`);

    expect(result.exitCode).not.toBe(0);
    expect(result.output).toMatch(
      /not permitted|denied|Read-only|No such file|cross-device|superuser/i,
    );
  });

  it.each([
    ["io_uring", `syscall(${CALLS.io_uring_setup}, 1, 0)`],
    ["userfaultfd", `syscall(${CALLS.userfaultfd}, 0)`],
    ["the kernel keyring", `syscall(${CALLS.keyctl}, 0, -3, 0)`],
    ["keys", `syscall(${CALLS.add_key}, my $t = "user", my $d = "a", my $p = "b", 1, -3)`],
    ["bpf", `syscall(${CALLS.bpf}, 0, 0, 0)`],
    ["vsock", `syscall(${CALLS.socket}, 40, 1, 0)`],
    ["the kernel's cryptography", `syscall(${CALLS.socket}, 38, 5, 0)`],
    ["packet sockets", `syscall(${CALLS.socket}, 17, 3, 0)`],
    ["bluetooth", `syscall(${CALLS.socket}, 31, 3, 1)`],
  ])("keeps %s out of reach", async (_what, call) => {
    await using session = await open();

    const result = await session.run(["perl", "-e", `print ${call}, " ", $! + 0`]);

    expect(result.output).toBe("-1 1");
  });

  it("knows nothing of the host's environment", async () => {
    const result = await inShell(
      "env; cat /proc/*/environ /proc/*/cmdline 2>/dev/null | tr '\\0' '\\n'",
    );

    expect(result.output).not.toContain(CANARY);
    const names = result.output.split("\n\n")[0]?.match(/^[A-Z_]+(?==)/gm);
    expect([...new Set(names)].sort()).toEqual([
      "CI",
      "HOME",
      "HOSTNAME",
      "LANG",
      "PATH",
      "PWD",
      "TZ",
    ]);
  });

  it("outlives a fork bomb", async () => {
    await using session = await open();

    const bomb = await session.run(["sh", "-c", "f() { f | f & }; f; sleep 2; f"], {
      timeoutMs: 4_000,
    });
    await session[Symbol.asyncDispose]();

    expect(bomb.durationMs).toBeLessThan(20_000);
    await using next = await open();
    expect(await next.run(["echo", "fine"])).toMatchObject({ exitCode: 0, output: "fine\n" });
  });

  it("tells a command that ran out of memory from one that failed", async () => {
    await using session = await open();

    const bomb = await session.run([
      "node",
      "-e",
      "const a = []; for (;;) a.push(Buffer.alloc(1e7, 1))",
    ]);
    const failed = await session.run(["sh", "-c", "exit 137"]);

    expect([bomb.ending, failed.ending]).toEqual(["out-of-memory", "exited"]);
    expect(bomb.exitCode).toBe(137);
  });

  it.each([
    ["whose command went on to succeed", "; true", { exitCode: 0, ending: "exited" }],
    ["of a command that then ran out of time", "; sleep 60", { ending: "timeout" }],
  ])("does not hold a kill %s against the next command", async (_whose, then, how) => {
    await using session = await open();
    const bomb = `node -e 'const a = []; for (;;) a.push(Buffer.alloc(1e7, 1))'`;

    const first = await session.run(["sh", "-c", `${bomb}${then}`], { timeoutMs: 8_000 });
    const failed = await session.run(["sh", "-c", "exit 1"]);

    expect(first).toMatchObject(how);
    expect(first.output).toContain("Killed");
    expect(failed).toMatchObject({ exitCode: 1, ending: "exited" });
  });

  it("counts what lies in /tmp as memory, within its size", async () => {
    const result = await inShell("head -c 2000000000 /dev/zero > /tmp/full");

    expect(result.exitCode).not.toBe(0);
  });

  it("reads a flood without growing", async () => {
    await using session = await open();
    const before = process.memoryUsage.rss();

    const result = await session.run(["sh", "-c", "yes & yes >&2"], { timeoutMs: 2_000 });

    expect(result).toMatchObject({ ending: "timeout", truncated: true });
    expect(result.output.length).toBeLessThan(300_000);
    expect(process.memoryUsage.rss() - before).toBeLessThan(300 * 1024 * 1024);
  });

  it("goes on after a command whose time ran out, with nothing of it left", async () => {
    await using session = await open();

    await session.run(
      ["sh", "-c", "trap '' TERM HUP; setsid sh -c 'while :; do date > beat; done' & sleep 60"],
      { timeoutMs: 1_000 },
    );
    const result = await session.run(["sh", "-c", "rm -f beat; sleep 0.3; ls beat; ls src"]);

    expect(result.output).toContain("a.txt");
    expect(result.output).not.toMatch(/^beat$/m);
  });

  it("returns when the command ends, although it left a process behind that holds its output", async () => {
    const result = await inShell("sleep 60 & echo done");

    expect(result).toMatchObject({ exitCode: 0, output: "done\n" });
    expect(result.durationMs).toBeLessThan(8_000);
  });

  it("ends what still writes before it reads the changes", async () => {
    await using session = await open();
    await session.run([
      "sh",
      "-c",
      "setsid sh -c 'while :; do date > beat; done' >/dev/null 2>&1 &",
    ]);

    const edits = await session.changes();

    expect(edits.map(({ path }) => path)).toEqual(["beat"]);
    const [container] = await new Docker().listContainers({
      filters: { label: [`nexus.owner=${parts.owner}`] },
    });
    expect(container?.Status).toContain("Paused");
  });

  it("leaves the commit's own files as they are, whatever a command does", async () => {
    await (await open())[Symbol.asyncDispose]();
    const base = join(parts.folder, "bases", repository.commit);
    const before = await checksum(base);

    await inShell(
      "echo x >> README.md; chmod 777 src; ln src/a.txt hard; echo y >> hard; rm -rf .git src; rm -rf /workspace/*",
    );

    expect(await checksum(base)).toBe(before);
  });

  it("reads a hard link as a file of its own", async () => {
    await using session = await open();
    await session.run(["sh", "-c", "ln README.md twin && echo x >> twin"]);

    const edits = await session.changes();

    expect(edits.map((edit) => edit.kind === "write" && String(Buffer.from(edit.content)))).toEqual(
      ["# Small\nx\n", "# Small\nx\n"],
    );
  });

  it("does not look through a link of the commit at the host's files", async () => {
    const passwd = await readFile("/etc/passwd", "utf8");
    await using session = await open();
    await session.run(["sh", "-ec", "rm out; mkdir out; cat > out/passwd"], {
      stdin: Buffer.from(passwd),
    });

    const edits = await session.changes();

    expect(edits.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      "delete out",
      "write out/passwd",
    ]);
  });

  it("stops a command that fills the disk", async () => {
    await using small = await testSandbox({
      limits: {
        memoryMb: 512,
        cpus: 1,
        pids: 128,
        tmpMb: 64,
        timeoutMs: 60_000,
        outputBytes: 10_000,
        silenceMs: 60_000,
        diskMb: 64,
      },
    });
    await using session = await small.sandbox.open(
      { gitDir: repository.gitDir, commit: repository.commit, taskId: "t1" },
      never,
    );

    const running = session.run(["sh", "-c", "head -c 500000000 /dev/zero > big; sleep 30"]);

    expect(await running).toMatchObject({ exitCode: 137, ending: "disk-full" });
  });

  it("ends the containers of one task and of no other", async () => {
    await using first = await open("first");
    await using second = await open("second");
    const ending = first.run(["sleep", "60"]).then(
      () => "ended by itself",
      (error: unknown) => error,
    );

    await parts.sandbox.killTask("first");

    expect(await ending).toMatchObject({ code: "sandbox.killed" });
    expect(await second.run(["echo", "fine"])).toMatchObject({ output: "fine\n" });
  });
});

async function checksum(folder: string): Promise<string> {
  const hash = createHash("sha256");
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.map((entry) => ({ entry, path: join(entry.parentPath, entry.name) }));
  for (const { entry, path } of paths.sort((a, b) => (a.path < b.path ? -1 : 1))) {
    hash.update(`\0${path}\0`);
    if (entry.isFile()) hash.update(await readFile(path));
    if (entry.isSymbolicLink()) hash.update(await readlink(path));
  }
  return hash.digest("hex");
}
