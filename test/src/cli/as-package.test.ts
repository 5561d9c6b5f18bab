import { spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";

const ROOT = resolve(import.meta.dirname, "../../..");

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nexus as a package-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A folder in which npm has installed Nexus and what it depends on, side by side. */
async function installed(): Promise<string> {
  const packages = join(folder, "node_modules");
  await mkdir(join(packages, ".bin"), { recursive: true });
  for (const name of await readdir(join(ROOT, "node_modules")))
    if (!name.startsWith("."))
      await symlink(join(ROOT, "node_modules", name), join(packages, name));
  await cp(join(ROOT, "src"), join(packages, "nexus/src"), { recursive: true });
  await cp(join(ROOT, "package.json"), join(packages, "nexus/package.json"));
  await symlink("../nexus/src/cli/nexus.sh", join(packages, ".bin/nexus"));
  return join(packages, ".bin/nexus");
}

it("runs where npm put it below a node_modules, from any folder", async () => {
  const program = await installed();
  await writeFile(join(folder, "b"), '{ "a": 1 }\n');
  await writeFile(join(folder, "o"), '{ "a": 1, "b": 2 }\n');
  await writeFile(join(folder, "t"), '{ "a": 1, "c": 3 }\n');
  const files = ["b", "o", "t"].map((name) => join(folder, name));

  const ran = spawnSync(program, ["merge", ...files, "a.json"], { cwd: "/", encoding: "utf8" });

  expect(ran).toMatchObject({ status: 0, stderr: "", stdout: '{ "a": 1, "b": 2, "c": 3 }\n' });
});
