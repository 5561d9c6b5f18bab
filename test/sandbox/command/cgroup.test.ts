import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { findCgroup } from "../../../sandbox/command/cgroup.ts";

const ID = "0123456789abcdef".repeat(4);

async function kernel(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "nexus-cgroup-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return root;
}

const VERSION_TWO = {
  "memory.events": "low 0\nhigh 0\nmax 7\noom 2\noom_kill 2\noom_group_kill 0\n",
  "memory.current": "5000\n",
  "memory.stat": "anon 3000\nactive_file 100\ninactive_file 1500\n",
  "cpu.stat": "usage_usec 2500000\nuser_usec 2000000\n",
  "pids.current": "12\n",
};

it.each([
  [
    "version 1",
    {
      [`memory/docker/${ID}/memory.oom_control`]: "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n",
      [`memory/docker/${ID}/memory.usage_in_bytes`]: "5000\n",
      [`memory/docker/${ID}/memory.stat`]: "inactive_file 1\ntotal_inactive_file 1500\n",
      [`cpuacct/docker/${ID}/cpuacct.usage`]: "2500000000\n",
      [`pids/docker/${ID}/pids.current`]: "12\n",
    },
  ],
  ["version 2, kept by systemd", below(`system.slice/docker-${ID}.scope`)],
  ["version 2, kept by the engine", below(`docker/${ID}`)],
])("reads the counters of %s", async (_what, files) => {
  const cgroup = await findCgroup(ID, await kernel(files));

  expect(await cgroup?.usage()).toEqual({ memoryBytes: 3500, cpuMs: 2500, processes: 12 });
  expect(await cgroup?.cpuMs()).toBe(2500);
  expect(await cgroup?.memoryKills()).toBe(2);
});

it("leaves out what cannot be read", async () => {
  const root = await kernel({
    [`docker/${ID}/memory.events`]: "low 0\n",
    [`docker/${ID}/pids.current`]: "max\n",
  });

  const cgroup = await findCgroup(ID, root);

  expect(await cgroup?.usage()).toEqual({});
  expect(await cgroup?.memoryKills()).toBeUndefined();
});

it.each([
  ["an id that nobody has", ID.replaceAll("0", "f")],
  ["a name instead of an id", "docker"],
  ["a path instead of an id", `../docker/${ID}`],
  ["nothing", ""],
])("finds nothing for %s", async (_what, id) => {
  expect(await findCgroup(id, await kernel(below(`docker/${ID}`)))).toBeUndefined();
});

function below(folder: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(VERSION_TWO).map(([name, text]) => [`${folder}/${name}`, text]),
  );
}
