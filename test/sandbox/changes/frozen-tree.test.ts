import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FrozenView, viewOf } from "../../../sandbox/changes/frozen-tree.ts";
import { rawOf } from "../../../sandbox/changes/raw-path.ts";

// A user who is not root makes no devices; Linux lets everybody make the device 0:0 though.
const canWhiteOut = process.platform === "linux";

describe.runIf(canWhiteOut)("a frozen tree of a delta over a base", () => {
  let root: string;
  let view: FrozenView;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), "nexus-frozen-"));
    const write = async (path: string, text = path) => {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), text);
    };
    const whiteOut = (path: string) => execFileSync("mknod", [join(root, path), "c", "0", "0"]);
    for (const path of ["same", "changed", "gone", "sub/a", "sub/b", "old/x", "flat/x", "deep/d/x"])
      await write(`base/${path}`);
    await symlink("sub", join(root, "base/link"));
    await mkdir(join(root, "base/module"));
    await write("delta/changed");
    await write("delta/new/n");
    await write("delta/sub/c");
    await write("delta/flat");
    await write("delta/link/inside");
    await mkdir(join(root, "delta/deep/d"), { recursive: true });
    for (const path of ["gone", "sub/a", "old", "deep/d/x"]) whiteOut(`delta/${path}`);
    view = viewOf({ folders: [join(root, "delta"), join(root, "base")] });
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  const everything = async () =>
    (await view.walk((path) => path === "new")).map(({ kind, path }) => `${kind} ${path}`).sort();

  it.each([
    ["same", "base/same"],
    ["changed", "delta/changed"],
    ["sub/b", "base/sub/b"],
    ["sub/c", "delta/sub/c"],
    ["flat", "delta/flat"],
    ["link/inside", "delta/link/inside"],
  ])("has %s, whose bytes lie in %s", async (path, place) => {
    const entry = view.at(path);

    expect(entry).toMatchObject({ kind: "file", place: Buffer.from(join(root, place)) });
    expect(await readFile(join(root, place), "utf8")).toBe(place);
  });

  it.each([
    ["what never was", "none"],
    ["what a whiteout hides", "gone"],
    ["what was in a folder that a whiteout hides", "old/x"],
    ["what was in a folder that is a file now", "flat/x"],
    ["what lies behind a file", "same/x"],
    ["what a link that is a folder now led to", "link/b"],
    ["what lies above", "../base"],
    ["what lies at no plain path", "sub/../base/same"],
  ])("has nothing of %s", (_what, path) => {
    expect(view.at(path)).toBeUndefined();
    expect(view.names(dirname(path) === "." ? path : dirname(path))).not.toContain("base");
  });

  it("lists what is not hidden, of all layers together", () => {
    expect([...view.names("sub")].sort()).toEqual(["b", "c"]);
    expect([...view.names("")].sort()).toEqual(
      ["same", "changed", "new", "sub", "flat", "link", "deep", "module"].sort(),
    );
    expect(view.names("same")).toEqual([]);
  });

  it("walks all of it but for what is passed", async () => {
    expect(await everything()).toEqual([
      "file changed",
      "file flat",
      "file link/inside",
      "file same",
      "file sub/b",
      "file sub/c",
      "folder deep",
      "folder deep/d",
      "folder link",
      "folder module",
      "folder sub",
    ]);
  });

  it("tells a folder that is empty in the commit from one whose files the delta took away", () => {
    expect(view.isHollow("module")).toBe(true);
    expect(view.isHollow("deep/d")).toBe(false);
    expect(view.isHollow("none")).toBe(false);
  });
});

describe("a frozen tree of one folder", () => {
  it("never follows a link on the way, and keeps names that are not UTF-8", async () => {
    const root = await mkdtemp(join(tmpdir(), "nexus-frozen-"));
    await symlink("/etc", join(root, "out"));
    const odd = Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x61, 0xff])]);
    await writeFile(odd, "odd");

    const view = viewOf({ folders: [root] });

    expect(view.at("out/passwd")).toBeUndefined();
    expect(view.at("out")?.kind).toBe("link");
    expect(view.at(rawOf(Buffer.from([0x61, 0xff])))?.place).toEqual(odd);
    await rm(root, { recursive: true });
  });
});
