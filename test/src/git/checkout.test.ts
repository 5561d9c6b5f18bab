import { execFileSync } from "node:child_process";
import {
  chmod,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  stat,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkoutInto } from "../../../src/git/checkout.ts";
import {
  type Files,
  git,
  mirrorOf,
  temporaryFolder,
  upstreamWith,
  write,
} from "./sample-repository.ts";

const module = { mode: "160000", content: "a".repeat(40) } as const;

/** git as somebody in the container runs it. */
function inside(folder: string, ...args: string[]): string {
  const env = { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: "1" };
  return execFileSync("git", args, { cwd: folder, env, encoding: "utf8", stdio: "pipe" }).trim();
}

async function checkedOut(files: Files) {
  const upstream = await upstreamWith({ secret: "in history only\n" });
  const secret = git(upstream.gitDir, ["rev-parse", `${upstream.main}:secret`]);
  const main = upstream.commit(files, { parents: [upstream.main] });
  const mirror = await mirrorOf({ ...upstream, main });
  const folder = join(await temporaryFolder(), "base");
  const check = () => checkoutInto({ gitDir: mirror.gitDir, commit: main, folder });
  return { upstream, secret, mirror, main, folder, check };
}

describe("checkoutInto", () => {
  it("writes files, modes and links, and a .git that works on its own", async () => {
    const { main, folder, check, mirror } = await checkedOut({
      "README.md": "hello\n",
      "bin/run": { mode: "100755", content: "#!/bin/sh\n" },
      link: { mode: "120000", content: "README.md" },
      ".gitignore": "dist/\n",
      'a\n"b': "odd\n",
      sub: { mode: "160000", content: "a".repeat(40) },
    });

    await check();

    expect(await readFile(join(folder, "README.md"), "utf8")).toBe("hello\n");
    expect((await stat(join(folder, "bin/run"))).mode & 0o111).toBe(0o111);
    expect(await readlink(join(folder, "link"))).toBe("README.md");
    expect(await readFile(join(folder, 'a\n"b'), "utf8")).toBe("odd\n");
    expect(await readdir(join(folder, "sub"))).toEqual([]);
    await mkdir(join(folder, "dist"));
    await writeFile(join(folder, "dist/x"), "");
    await writeFile(join(folder, "README.md"), "changed\n");
    await writeFile(join(folder, "new"), "");
    expect(inside(folder, "status", "--porcelain").split("\n")).toEqual(["M README.md", "?? new"]);
    expect(inside(folder, "diff", "--stat")).toContain("README.md | 2 +-");
    expect(inside(folder, "check-ignore", "dist/x", "new")).toBe("dist/x");
    expect(inside(folder, "rev-parse", "HEAD")).toBe(main);
    expect(inside(folder, "log", "--format=%H")).toBe(main);
    expect(await mirror.hasCommit(main)).toBe(true);
  });

  it("holds nothing worth stealing: one commit, no remote, no hook", async () => {
    const { folder, check, secret, upstream } = await checkedOut({ a: "1" });

    await check();

    expect(inside(folder, "remote")).toBe("");
    expect(() => inside(folder, "cat-file", "-e", secret)).toThrow();
    expect(() => inside(folder, "cat-file", "-e", upstream.main)).toThrow();
    expect(inside(folder, "fsck", "--strict")).toBe("");
    expect((await readdir(join(folder, ".git"))).sort()).toEqual([
      "HEAD",
      "config",
      "index",
      "info",
      "logs",
      "objects",
      "refs",
      "shallow",
    ]);
    expect(await readFile(join(folder, ".git/config"), "utf8")).not.toMatch(
      /remote|user|token|worktree/,
    );
  });

  it("works for a first commit and for an empty one", async () => {
    const upstream = await upstreamWith({});
    const mirror = await mirrorOf(upstream);
    const folder = await temporaryFolder();

    await checkoutInto({ gitDir: mirror.gitDir, commit: upstream.main, folder });

    expect(await readdir(folder)).toEqual([".git"]);
    expect(inside(folder, "status", "--porcelain")).toBe("");
  });

  it("writes blobs byte for byte and runs nothing that attributes or the mirror name", async () => {
    const { folder, check, mirror } = await checkedOut({
      ".gitattributes":
        "* text eol=crlf ident filter=evil\nutf16 working-tree-encoding=UTF-16\n*.lfs filter=lfs diff=lfs merge=lfs -text\n",
      id: "$Id$\n",
      crlf: "a\r\nb\n",
      utf16: "x\n",
      "big.lfs": "version https://git-lfs.github.com/spec/v1\n",
      ".gitmodules": '[submodule "sub"]\n\tpath = sub\n\turl = ./x\n',
    });
    const canary = join(await temporaryFolder(), "canary");
    const script = join(mirror.gitDir, "evil.sh");
    await writeFile(script, `#!/bin/sh\ntouch ${canary}\ncat\n`);
    await chmod(script, 0o755);
    for (const key of [
      "filter.evil.smudge",
      "filter.evil.clean",
      "filter.lfs.smudge",
      "core.fsmonitor",
    ]) {
      git(mirror.gitDir, ["config", key, script]);
    }
    await mkdir(join(mirror.gitDir, "hooks"), { recursive: true });
    await writeFile(join(mirror.gitDir, "hooks/post-checkout"), `#!/bin/sh\ntouch ${canary}\n`, {
      mode: 0o755,
    });

    await check();

    expect(await readFile(join(folder, "id"), "utf8")).toBe("$Id$\n");
    expect(await readFile(join(folder, "crlf"), "utf8")).toBe("a\r\nb\n");
    expect(await readFile(join(folder, "utf16"), "utf8")).toBe("x\n");
    expect(await readFile(join(folder, "big.lfs"), "utf8")).toContain("git-lfs");
    expect(inside(folder, "status", "--porcelain")).toBe("");
    await expect(stat(canary)).rejects.toThrow("ENOENT");
  });

  it.each([
    [".git below a folder", { "a/.git/hooks": "x" }],
    [".GIT", { ".GIT": "x" }],
    ["git~1", { "git~1": "x" }],
    [".git with a character that some file systems drop", { ".g\u200Cit": "x" }],
    ["a path out of the tree", { "..": "x" }],
  ])("refuses a commit with %s", async (_name, files: Files) => {
    const upstream = await upstreamWith({ ok: "1" });
    const bad = upstream.commit(files);
    const folder = join(await temporaryFolder(), "base");

    const checking = checkoutInto({ gitDir: upstream.gitDir, commit: bad, folder });

    await expect(checking).rejects.toMatchObject({ code: "git.failed" });
  });

  it("does not write through a link that the commit itself brings", async () => {
    const outside = await temporaryFolder();
    const upstream = await upstreamWith({ link: { mode: "120000", content: outside } });
    const mirror = await mirrorOf(upstream);
    const folder = join(await temporaryFolder(), "base");

    await checkoutInto({ gitDir: mirror.gitDir, commit: upstream.main, folder });

    expect((await lstat(join(folder, "link"))).isSymbolicLink()).toBe(true);
    expect(await readdir(outside)).toEqual([]);
  });

  it("refuses a folder that holds something, and a commit that is none", async () => {
    const { folder, check, mirror } = await checkedOut({ a: "1" });
    await mkdir(folder);
    await writeFile(join(folder, "x"), "");

    await expect(check()).rejects.toThrow("empty folder");
    const elsewhere = join(await temporaryFolder(), "base");
    await expect(
      checkoutInto({ gitDir: mirror.gitDir, commit: "HEAD", folder: elsewhere }),
    ).rejects.toThrow("object id");
    await expect(
      checkoutInto({ gitDir: mirror.gitDir, commit: "f".repeat(40), folder: elsewhere }),
    ).rejects.toMatchObject({ code: "git.failed" });
  });

  it("refuses a commit whose few trees name far more than its bounds, and writes nothing", async () => {
    const { upstream } = await checkedOut({ a: "1" });
    const { gitDir } = upstream;
    let below = `100644 blob ${git(gitDir, ["hash-object", "-w", "--stdin"], "")}`;
    for (let depth = 0; depth < 12; depth += 1) {
      const names = Array.from({ length: 10 }, (_, at) => `${below}\t${at}\n`).join("");
      below = `040000 tree ${git(gitDir, ["mktree"], names)}`;
    }
    const commit = git(gitDir, ["commit-tree", below.split(" ").at(-1) ?? "", "-m", "bomb"]);
    const folder = join(await temporaryFolder(), "base");
    const bounds = { entries: 1_000, bytes: 1_000 };

    const checking = checkoutInto({ gitDir, commit, folder, bounds });

    await expect(checking).rejects.toThrow("more than 1000 files");
    expect(await readdir(folder)).toEqual([]);
  });

  it.each([
    ["as many bytes as the bounds", { a: "12345", b: "12345", m: module }, true],
    ["one byte more", { a: "12345", b: "123456", m: module }, false],
    ["as many files", { a: "", b: "", c: "" }, true],
    ["one file more", { a: "", b: "", c: "", d: "" }, false],
  ])("bounds what a commit writes: %s", async (_name, files: Files, isWritten) => {
    const { main, mirror, folder } = await checkedOut(files);
    const bounds = { entries: 3, bytes: 10 };

    const checking = checkoutInto({ gitDir: mirror.gitDir, commit: main, folder, bounds });

    if (isWritten) await checking;
    else await expect(checking).rejects.toMatchObject({ code: "git.failed" });
    expect((await readdir(folder)).length > 0).toBe(isWritten);
  });

  it("checks out a commit that Nexus made", async () => {
    const { mirror, main } = await checkedOut({ a: "1\n" });
    const made = await mirror.commitEdits({
      parent: main,
      edits: [write("b", "2\n")],
      message: "m",
    });
    const folder = join(await temporaryFolder(), "base");

    await checkoutInto({ gitDir: mirror.gitDir, commit: made.commit, folder });

    expect((await readdir(folder)).sort()).toEqual([".git", "a", "b"]);
  });
});
