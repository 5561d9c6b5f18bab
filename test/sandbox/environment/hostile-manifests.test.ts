import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { readLockfile } from "../../../sandbox/environment/lockfile.ts";
import { treeFilesOf } from "../../../sandbox/environment/tree-files.ts";
import { type Files, plansOf } from "./tree-of.ts";

// What is read in a moment would else take minutes.
vi.setConfig({ testTimeout: 60_000 });

const MUCH = 400_000;
const NEWLINES = "\n".repeat(MUCH);
const LOCKED = { "Cargo.lock": 'source = "registry+x"\n' };

describe("manifests that would hold everybody up", () => {
  it.each<readonly [string, Files, readonly string[]]>([
    [
      "poms that name themselves",
      { "pom.xml": "<module>.</module>".repeat(12) + "<module>./pom.xml</module>".repeat(12) },
      ["maven"],
    ],
    ["empty lines in a pyproject", { "pyproject.toml": `${NEWLINES}x` }, []],
    ["empty lines in a go.mod", { "go.mod": `${NEWLINES}x` }, []],
    ["dots in a go.mod", { "go.mod": "a.".repeat(MUCH / 2) }, []],
    ["blocks in a go.work without an end", { "go.work": "use (\n".repeat(MUCH / 6) }, []],
    ["empty lines in a Gemfile.lock", { Gemfile: "", "Gemfile.lock": `${NEWLINES}x` }, []],
    [
      "empty lines in Gradle's settings",
      { "build.gradle": "", "settings.gradle": `${NEWLINES}x` },
      ["gradle"],
    ],
    [
      "lists in a Cargo.toml without an end",
      { "Cargo.toml": "members=[\n".repeat(MUCH / 10), ...LOCKED },
      ["rust"],
    ],
    [
      "slashes in a workspace",
      { "package.json": JSON.stringify({ workspaces: [`${"/".repeat(MUCH)}x`] }), "yarn.lock": "" },
      ["yarn"],
    ],
    [
      "lists of requirements that name hundreds of thousands",
      { "requirements.txt": "-r a\n".repeat(200_000) },
      [],
    ],
  ])("are read in a moment: %s", (_what, files, stacks) => {
    expect(plansOf(files).map(({ stack }) => stack)).toEqual(stacks);
  });

  it("name so many members and no more", () => {
    const modules = (count: number) =>
      Array.from({ length: count }, (_, at) => `<module>m${at}</module>`).join("");
    const files = { "pom.xml": modules(5_000), "m1/pom.xml": "", "m4999/pom.xml": "" };

    const [maven] = plansOf(files);

    expect([...(maven?.files.keys() ?? [])]).toEqual(["pom.xml", "m1/pom.xml"]);
  });

  it("that hold a pattern often look at each place once", () => {
    const workspaces = Array.from({ length: 100_000 }, () => "*/*");
    const members = Object.fromEntries(
      Array.from({ length: 30 }, (_, at) => [`packages/m${at}/package.json`, "{}"]),
    );

    const [yarn] = plansOf({
      "package.json": JSON.stringify({ workspaces }),
      "yarn.lock": "",
      ...members,
    });

    expect(yarn?.files.size).toBe(32);
  });

  it("say why in a few words, however many mistakes a lockfile has", () => {
    const packages = Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`p${at}`, 1]));
    const text = JSON.stringify({ lockfileVersion: 3, packages });

    const read = () => readLockfile(text, { file: "package-lock.json", registry: undefined });

    expect(read).toThrow(expect.objectContaining({ code: "sandbox.setup-failed" }));
    expect(messageOf(read).length).toBeLessThan(1_000);
  });
});

describe("the text of a commit's files", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "nexus-manifests-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("is read up to a megabyte, of lockfiles more", async () => {
    const long = " ".repeat(1024 * 1024 + 1);
    await mkdir(join(folder, "a"));
    for (const name of ["package.json", "a/Cargo.lock"]) await writeFile(join(folder, name), long);
    await writeFile(join(folder, "go.mod"), long.slice(1));

    const files = treeFilesOf({ folders: [folder] });

    const lengths = ["package.json", "a/Cargo.lock", "go.mod"].map(
      (name) => files.text(name)?.length,
    );
    expect(lengths).toEqual([undefined, 1024 * 1024 + 1, 1024 * 1024]);
    expect(files.bytes("package.json")?.length).toBe(1024 * 1024 + 1);
  });
});

function messageOf(work: () => unknown): string {
  try {
    work();
    return "";
  } catch (error) {
    return String(error);
  }
}
