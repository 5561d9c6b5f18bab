import { execFileSync } from "node:child_process";
import { type BigIntStats, lstatSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { FrozenAt } from "../../../sandbox/changes/frozen-tree.ts";
import { archiveOf } from "../../../sandbox/mirror/archive.ts";

const GB = 1024n ** 3n;

/** A file that says it is this large and this old; only its headers are of use. */
async function fileOf(stats: Partial<Pick<BigIntStats, "size" | "mtimeNs">>): Promise<FrozenAt> {
  const folder = await mkdtemp(join(tmpdir(), "nexus-archive-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const place = join(folder, "file");
  await writeFile(place, "");
  const said = Object.assign(lstatSync(place, { bigint: true }), stats);
  return { path: "file", kind: "file", place: Buffer.from(place), stats: said };
}

/** What tar reads in it: sizes and years, by name. */
async function listed(entry: FrozenAt): Promise<string[]> {
  const pieces: Buffer[] = [];
  for await (const piece of archiveOf([entry], { folder: "workspace", uid: 1 })) pieces.push(piece);
  const tar = ["--list", "--verbose", "--utc", "--full-time", "--file=-"];
  // The content is missing, so tar complains after its list.
  const script = `tar ${tar.join(" ")} 2>&1 || true`;
  const options = { input: Buffer.concat(pieces), encoding: "utf8" } as const;
  const lines = execFileSync("/bin/sh", ["-c", script], options).split("\n");
  return lines.filter((line) => line.endsWith("workspace/file"));
}

it.each([
  ["below eight gigabytes", 8n * GB - 1n, "8589934591"],
  ["of eight gigabytes", 8n * GB, "8589934592"],
  ["of a terabyte", 1024n * GB, "1099511627776"],
])("tells the size of a file %s", async (_name, size, told) => {
  const [line = ""] = await listed(await fileOf({ size }));

  expect(line.split(/\s+/)[2]).toBe(told);
});

it("takes a time that the format has no room for as the last one that it has", async () => {
  const [line = ""] = await listed(await fileOf({ mtimeNs: 13_000_000_000n * 1_000_000_000n }));

  expect(line.split(/\s+/)[3]).toBe("2242-03-16");
});
