import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../../../sandbox/container/limits.ts";
import type { Diagnosis } from "../../../sandbox/doctor/diagnosis.ts";
import { type ExamineOptions, examine } from "../../../sandbox/doctor/examine.ts";
import { leftovers } from "../engine-world.ts";
import { noDocker } from "../test-sandbox.ts";

const never = new AbortController().signal;
const OWNER = `doctor-${process.pid}`;

const EVERYTHING =
  "git disk held storage runtimes runtime image engine runc seccomp cgroups place mirror egress"
    .split(" ")
    .concat(["system calls", "memory limit", "pids limit"]);

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nexus-doctor-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function examined(options: Partial<ExamineOptions> = {}): Promise<Diagnosis[]> {
  const found: Diagnosis[] = [];
  const all = examine(
    {
      image: "nexus-sandbox:latest",
      folder: join(folder, ".nexus", "sandbox"),
      owner: OWNER,
      limits: { ...DEFAULT_LIMITS, cpus: 1 },
      ...options,
    },
    never,
  );
  for await (const diagnosis of all) found.push(diagnosis);
  return found;
}

const levelsOf = (found: readonly Diagnosis[]) =>
  Object.fromEntries(found.map(({ name, level }) => [name, level]));

describe.skipIf(noDocker)("an examination of a machine that works", () => {
  it("tries everything for real, finds no problem and leaves nothing behind", async () => {
    const found = await examined();

    expect(found.filter(({ level }) => level === "problem")).toEqual([]);
    const names = new Set(found.map(({ name }) => name));
    expect(EVERYTHING.filter((name) => !names.has(name))).toEqual([]);
    expect(found.filter(({ name }) => name === "image")).toHaveLength(2);
    expect(await leftovers(OWNER)).toBe(0);
    expect(await readdir(folder)).toEqual([]);
  });

  it("names the runtime that is not there and the image that has to be built", async () => {
    const found = await examined({ runtime: "no-such", image: "no-such-image:latest" });

    expect(levelsOf(found)).toMatchObject({ runtime: "problem", engine: "ok" });
    const [image] = found.filter(({ name }) => name === "image");
    expect(image).toEqual({
      level: "problem",
      name: "image",
      detail: "There is no image no-such-image:latest.",
      advice: "Build it: sh docker/build-sandbox-image.sh",
    });
    expect(await readdir(folder)).toEqual([]);
  });
});

it("goes on without an engine as far as it can", async () => {
  const found = await examined({ docker: { socketPath: "/nonexistent/docker.sock" } });

  expect(levelsOf(found)).toEqual({
    git: "ok",
    disk: expect.any(String),
    held: "ok",
    engine: "problem",
  });
  expect(found.at(-1)?.advice).toContain("Is the Docker daemon running");
});

it("leaves a folder that was there before as it was", async () => {
  const place = await mkdtemp(join(folder, "used-"));
  await writeFile(join(place, "mine"), "");

  await examined({ folder: place, docker: { socketPath: "/nonexistent/docker.sock" } });

  expect(await readdir(place)).toEqual(["mine"]);
  await rm(place, { recursive: true });
});
