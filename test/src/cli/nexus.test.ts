import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { containersOf, leftovers } from "../../sandbox/engine-world.ts";
import { smallRepository } from "../../sandbox/small-repository.ts";
import { noDocker, type TestSandbox, testSandbox } from "../../sandbox/test-sandbox.ts";
import { until } from "../../world/until.ts";

const NEXUS = resolve(import.meta.dirname, "../../../src/cli/nexus.sh");
const never = new AbortController().signal;

/** Terminals for programs come from the `script` of util-linux. */
const noScript = spawnSync("script", ["--version"]).status !== 0;

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command in a folder, as somebody there would. */
async function nexus(cwd: string, args: readonly string[], program = NEXUS): Promise<Ran> {
  const child = spawn(program, args, { cwd, env: { PATH: process.env.PATH ?? "" } });
  const said = { out: "", err: "" };
  child.stdout.on("data", (data) => (said.out += data));
  child.stderr.on("data", (data) => (said.err += data));
  child.stdin.end();
  const [code] = await once(child, "close");
  return { code, ...said };
}

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nexus-cli-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the command", () => {
  it("is the one that package.json names, and works through links from any folder", async () => {
    const { bin } = JSON.parse(
      execFileSync("cat", [resolve(NEXUS, "../../../package.json")], { encoding: "utf8" }),
    );
    await mkdir(join(folder, "bin"));
    await symlink(NEXUS, join(folder, "bin", "first"));
    await symlink("first", join(folder, "bin", "nexus"));

    const ran = await nexus("/", ["help"], join(folder, "bin", "nexus"));

    expect(bin).toEqual({ nexus: "src/cli/nexus.sh" });
    expect(ran).toMatchObject({ code: 0, err: "" });
    expect(ran.out).toContain("nexus inspect");
  });

  it.each([
    [
      "says what is missing where there is no Node.js that could run it",
      "help",
      "exit 1",
      [1, "Run: npm ci"],
    ],
    ["does not say then that a merge was done", "merge", "exit 1", [2, "Run: npm ci"]],
    [
      "takes the Node.js of a container",
      "help",
      `exec ${process.execPath} "$@"`,
      [0, "it runs: help\n"],
    ],
  ] as const)("%s", async (...[, command, node, [code, said]]) => {
    const root = await mkdtemp(join(folder, "root-"));
    for (const made of ["src/cli", "bin"]) await mkdir(join(root, made), { recursive: true });
    await copyFile(NEXUS, join(root, "src/cli/nexus.sh"));
    await writeFile(join(root, "src/cli/main.ts"), "console.log('it runs:', process.argv[2]);");
    await writeFile(join(root, "bin/node"), `#!/bin/sh\n${node}\n`, { mode: 0o755 });
    const env = { PATH: `${join(root, "bin")}:/usr/bin:/bin` };

    const ran = spawnSync(join(root, "src/cli/nexus.sh"), [command], { env, encoding: "utf8" });

    expect(ran.status).toBe(code);
    expect(ran.stdout + ran.stderr).toContain(said);
  });

  it("says in one line what it does not understand, and ends with 2", async () => {
    expect(await nexus(folder, ["inspekt", "x"])).toEqual({
      code: 2,
      out: "",
      err: 'nexus: there is no command "inspekt"; did you mean inspect?\n',
    });
  });

  it("names every problem of the folder's settings, and no value", async () => {
    const bad = await mkdtemp(join(folder, "bad-"));
    await writeFile(join(bad, ".env"), "SANDBOX_SLOTS=secret\nSANDBOX_OWNER=Secret!\n");

    const { code, out, err } = await nexus(bad, ["inspect"]);

    expect([code, out]).toEqual([1, ""]);
    expect(err).toMatch(/^nexus: - SANDBOX_SLOTS: .*\n- SANDBOX_OWNER: .*\n {2}Compare your \.env/);
    expect(err.toLowerCase()).not.toContain("secret");
  });
});

describe.skipIf(noDocker)("nexus inspect", () => {
  let parts: TestSandbox;
  let place: string;
  beforeAll(async () => {
    place = await mkdtemp(join(folder, "place-"));
    const owner = `cli-${place.slice(-6).toLowerCase()}`;
    await writeFile(join(place, ".env"), `SANDBOX_OWNER=${owner}\nSANDBOX_MEMORY_MB=512\n`);
    parts = await testSandbox({ folder: join(place, ".nexus/sandbox"), owner, holdMs: 3_600_000 });
    await using repository = await smallRepository({ "a.txt": "one\n" });
    const { gitDir, commit } = repository;
    await using session = await parts.sandbox.open({ gitDir, commit, taskId: "task" }, never);
    await session.run(["sh", "-c", "echo two > a.txt"]);
    await session.hold("to be looked at");
  });
  afterAll(() => parts[Symbol.asyncDispose]());

  it("shows from its own process what another one holds", async () => {
    const listed = await nexus(place, ["inspect"]);
    const diff = await nexus(place, ["inspect", "task", "--diff"]);
    const read = await nexus(place, ["inspect", "task", "--read", "a.txt"]);
    const missing = await nexus(place, ["inspect", "task", "--read", "b.txt"]);

    expect(listed).toMatchObject({
      code: 0,
      err: "",
      out: expect.stringMatching(/\ntask +1 +held/),
    });
    expect(diff).toMatchObject({ code: 0, err: "", out: expect.stringContaining("-one\n+two\n") });
    expect(read).toEqual({ code: 0, err: "", out: "two\n" });
    expect(missing).toEqual({ code: 1, out: "", err: "There is no b.txt in the workspace.\n" });
  });

  it("ends a command's container with it, also when it is stopped", async () => {
    const before = await leftovers(parts.owner);
    const child = spawn(
      NEXUS,
      ["inspect", "task", "--shell", "--", "sh", "-c", "echo up; sleep 600"],
      {
        cwd: place,
        env: { PATH: process.env.PATH ?? "" },
      },
    );
    let out = "";
    child.stdout.on("data", (data) => (out += data));
    await until(() => out === "up\n", { what: "the command to run" });

    child.kill("SIGTERM");
    const [code] = await once(child, "close");

    expect(code).toBe(130);
    expect(await leftovers(parts.owner)).toBe(before);
  });

  it.skipIf(noScript)(
    "opens a shell at a terminal, whose end is the end of the command",
    async () => {
      const before = await leftovers(parts.owner);
      const typed = `${NEXUS} inspect task --shell; code=$?; stty -a; exit $code`;
      const child = spawn("script", ["-qec", typed, "/dev/null"], {
        cwd: place,
        env: { PATH: process.env.PATH ?? "", TERM: "dumb", SHELL: "/bin/sh" },
      });
      let out = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (out += data));
      await until(() => out.endsWith("$ "), { what: "the shell's prompt", tell: () => out });

      child.stdin.write("cat a.txt; tty; echo x > a.txt; exit 5\n");
      const [code] = await once(child, "close");

      expect(out).toMatch(/two\r*\n/);
      expect(out).toMatch(/\/dev\/pts\/\d+/);
      expect(out).toContain("Read-only file system");
      expect(code).toBe(5);
      // The terminal is what it was.
      expect(out).toMatch(/ icanon /);
      expect(out).toMatch(/ echo /);
      expect(await leftovers(parts.owner)).toBe(before);
    },
  );

  it("releases what is held", async () => {
    const released = await nexus(place, ["inspect", "task", "--release"]);
    const again = await nexus(place, ["inspect", "task", "--release"]);

    expect(released).toEqual({ code: 0, out: "1 session released.\n", err: "" });
    expect(again.code).toBe(1);
    expect(await containersOf(parts.owner)).toEqual([]);
    expect(await readdir(join(place, ".nexus/sandbox/layers"))).toEqual([]);
  });
});
