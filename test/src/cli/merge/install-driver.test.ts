import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { driverWorld } from "./driver-world.ts";

let world: Awaited<ReturnType<typeof driverWorld>>;
beforeEach(async () => {
  world = await driverWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

it("says what it wrote, and twice is like once", async () => {
  const first = world.nexus("--install");
  const config = world.git("config", "--local", "--list").out;
  const written = await world.attributes();

  const second = world.nexus("--install");

  expect(first.out).toContain('the merge driver "nexus" (local)');
  expect(first.out).toContain(".git/info/attributes says for which files");
  expect(config).toContain(" merge --driver --marker-size=%L ");
  expect(written).toMatch(/^# Nexus: begin.*\n(?:\S+ merge=nexus\n)+# Nexus: end\n$/);
  expect(second).toEqual(first);
  expect(world.git("config", "--local", "--list").out).toBe(config);
  expect(await world.attributes()).toBe(written);
});

it("gives way to what else is in the attributes, and leaves everything as it was", async () => {
  await world.write({ ".git/info/attributes": "*.bin -diff\n*.md merge=union" });
  const config = await world.text(".git/config");
  world.nexus("--install");
  const between = world.git("check-attr", "merge", "a.md", "a.ts").out;

  const gone = world.nexus("--uninstall");
  const again = world.nexus("--uninstall");

  expect(between).toBe("a.md: merge: union\na.ts: merge: nexus\n");
  expect(gone).toMatchObject({ code: 0, out: expect.stringMatching(/^Taken away from git's/) });
  expect(await world.attributes()).toBe("*.bin -diff\n*.md merge=union");
  expect(await world.text(".git/config")).toBe(config);
  expect(again).toEqual({ code: 0, out: "It was not installed.\n", err: "" });
});

it("takes the file away that it made", async () => {
  world.nexus("--install");

  world.nexus("--uninstall");

  expect(existsSync(join(world.repository, ".git/info/attributes"))).toBe(false);
});

it("keeps what the repository says about merging, in its order and from any folder of it", async () => {
  await world.write({
    ".gitattributes":
      "# merge\n[attr]made -merge text\n*.md merge=union\n*.ts text\ngen/*.js made\n",
    "my docs/.gitattributes": "*.json binary\n/top.md -merge\n",
    "my docs/deep/.gitattributes": '"a b.json" merge=nexus\n*.md !merge\n',
  });

  const { out } = world.nexusIn(join(world.repository, "my docs"), "--install");

  const kept = (path: string) => world.git("check-attr", "merge", path).out.split(": ")[2]?.trim();
  expect(out).toContain("\n  *.md merge=union\n");
  expect(out).not.toContain("*.ts");
  expect(kept("src/a.md")).toBe("union");
  expect(kept("src/a.ts")).toBe("nexus");
  expect(kept("gen/a.js")).toBe("unset");
  expect(kept("my docs/below/a.json")).toBe("unset");
  expect(kept("my docs/top.md")).toBe("unset");
  expect(kept("my docs/other/top.md")).toBe("union");
  expect(kept("my docs/deep/a b.json")).toBe("nexus");
  expect(kept("my docs/deep/a.md")).toBe("unspecified");
  expect(world.git("check-attr", "text", "gen/a.js").out).toBe("gen/a.js: text: set\n");
});

it("is for every repository of a person with --global", async () => {
  const installed = world.nexus("--install", "--global");
  const file = join(world.home, ".config/git/attributes");
  const global = await readFile(file, "utf8");
  const known = world.git("check-attr", "merge", "a.ts").out;
  const gone = world.nexus("--uninstall", "--global");

  expect(installed).toMatchObject({ code: 0, out: expect.stringContaining("(global)") });
  expect(global).toContain("*.ts merge=nexus\n");
  expect(known).toBe("a.ts: merge: nexus\n");
  expect(gone.code).toBe(0);
  expect(existsSync(file)).toBe(false);
});

it("works in a bare repository, and in a folder of a checkout", async () => {
  const bare = join(world.place, "bare.git");
  world.git("init", "--quiet", "--bare", bare);
  await mkdir(join(world.repository, "src"));

  expect(world.nexusIn(bare, "--install")).toMatchObject({ code: 0, err: "" });
  expect(world.nexusIn(join(world.repository, "src"), "--install")).toMatchObject({ code: 0 });

  expect(await readFile(join(bare, "info/attributes"), "utf8")).toContain("*.ts merge=nexus\n");
  expect(await world.attributes()).toContain("*.ts merge=nexus\n");
});

it("says in one line that there is no repository", async () => {
  expect(world.nexusIn(world.home, "--install")).toEqual({
    code: 2,
    out: "",
    err: expect.stringMatching(/^nexus: git rev-parse failed: fatal: not a git repository.*\n$/),
  });
});

it("is asked for every lockfile, and joins no lines of one that git could join", async () => {
  const names = [
    "package-lock.json npm-shrinkwrap.json pnpm-lock.yaml yarn.lock bun.lock deno.lock go.sum go.work.sum",
    "poetry.lock uv.lock Pipfile.lock pdm.lock pylock.toml pylock.dev.toml conda-lock.yml Cargo.lock",
    "Gemfile.lock gems.locked composer.lock Podfile.lock Package.resolved Cartfile.resolved mix.lock",
    "pubspec.lock flake.lock packages.lock.json gradle.lockfile .terraform.lock.hcl renv.lock",
    "MODULE.bazel.lock stack.yaml.lock cabal.project.freeze gradle/dependency-locks/a.lockfile",
  ].flatMap((line) => line.split(" "));
  world.nexus("--install");
  const said = world.git("check-attr", "merge", ...names.map((name) => `a/${name}`)).out;
  const text = (first: string, last: string) => `${first}\n2\n3\n4\n5\n6\n7\n8\n${last}\n`;
  const files = (content: string) => ({ "gems.locked": content, "yarn.lock": content });
  await world.branches(files(text("1", "9")), files(text("one", "9")), files(text("1", "nine")));

  const merge = world.git("merge", "topic");

  expect(said.trim().split("\n")).toEqual(names.map((name) => `a/${name}: merge: nexus`));
  expect(merge.code).toBe(1);
  for (const name of ["gems.locked", "yarn.lock"]) {
    expect(await world.text(name)).toContain("<<<<<<<");
    expect(merge.err).toContain(
      `${name}: conflict: a lockfile is made anew by its package manager`,
    );
  }
});
