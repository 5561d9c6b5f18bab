import { existsSync } from "node:fs";
import { mkdir, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { tidyMirror } from "../../../src/git/tidy.ts";
import { mirrorOf, upstreamWith } from "./sample-repository.ts";

const LEFT = [
  "nexus-new-@/objects/pack/tmp_pack_@",
  "nexus-check-@/new.pack",
  "nexus-0@.bundle",
  "objects/pack/tmp_pack_@",
  "objects/ab/tmp_obj_@",
  "refs/nexus/made/@.lock",
  "packed-refs@.lock",
];

it("removes what a crash left an hour ago, and nothing younger or whole", async () => {
  const upstream = await upstreamWith({ a: "1" });
  const mirror = await mirrorOf(upstream);
  const now = Date.now();
  const plant = async (prefix: string, age: number) => {
    for (const name of LEFT) {
      const path = join(mirror.gitDir, name.replace("@", prefix));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, "");
      const time = (now - age) / 1000;
      await utimes(path, time, time);
      await utimes(join(mirror.gitDir, name.replace("@", prefix).split("/")[0] ?? ""), time, time);
    }
  };
  await plant("a", 3_700_000);
  await plant("b", 3_500_000);

  await tidyMirror(mirror.gitDir, now);

  const left = (prefix: string) =>
    LEFT.filter((name) => existsSync(join(mirror.gitDir, name.replace("@", prefix))));
  expect(left("a")).toEqual([]);
  expect(left("b")).toEqual(LEFT);
  expect(await mirror.readFile(upstream.main, "a")).toBe("1");
});
