import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

const NEXUS = resolve(import.meta.dirname, "../../../../src/cli/nexus.sh");

let all = "";
beforeAll(async () => {
  all = await mkdtemp(join(tmpdir(), "nexus-driver-"));
});
afterAll(() => rm(all, { recursive: true, force: true }));

let home = "";
let repository = "";
beforeEach(async () => {
  const place = await mkdtemp(join(all, "it's-"));
  home = join(place, "home");
  repository = join(place, "repository");
  await mkdir(home);
  await mkdir(repository);
  git("init", "--quiet", "--initial-branch=main");
});

function run(program: string, args: readonly string[], cwd = repository) {
  const env = {
    PATH: process.env.PATH ?? "/usr/bin:/bin",
    HOME: home,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "maria",
    GIT_AUTHOR_EMAIL: "maria@example.org",
    GIT_COMMITTER_NAME: "maria",
    GIT_COMMITTER_EMAIL: "maria@example.org",
  };
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, env, encoding: "utf8" });
  return { code: status, out: stdout, err: stderr };
}

const nexus = (...args: string[]) => run(NEXUS, ["merge", ...args]);
const git = (...args: string[]) => run("git", args);
const text = (name: string) => readFile(join(repository, name), "latin1");
const attributes = () => text(".git/info/attributes");

type Files = Readonly<Record<string, string | Buffer>>;

async function commit(files: Files): Promise<void> {
  for (const [name, content] of Object.entries(files))
    await writeFile(join(repository, name), content);
  git("add", ".");
  expect(git("commit", "--quiet", "--message", "one more")).toMatchObject({ code: 0 });
}

/** Two branches that both changed these files; what is checked out is `main`. */
async function branches(base: Files, ours: Files, theirs: Files): Promise<void> {
  await commit(base);
  git("checkout", "--quiet", "-b", "topic");
  await commit(theirs);
  git("checkout", "--quiet", "main");
  await commit(ours);
}

const BASE = 'import { a } from "./a.ts";\n\nexport const all = [a];\n';
const OURS =
  'import { a } from "./a.ts";\nimport { b } from "./b.ts";\n\nexport const all = [a];\n';
const THEIRS =
  'import { a } from "./a.ts";\nimport { c } from "./c.ts";\n\nexport const all = [a];\n';

describe("git with the driver of nexus", () => {
  it("merges what git alone stops on", async () => {
    await branches({ "a.ts": BASE }, { "a.ts": OURS }, { "a.ts": THEIRS });
    expect(git("merge", "topic").code).toBe(1);
    git("merge", "--abort");

    const installed = nexus("--install");
    const merged = git("merge", "topic");

    expect(installed).toMatchObject({ code: 0, err: "" });
    expect(merged.code).toBe(0);
    const lines = (await text("a.ts")).split("\n");
    expect(lines).toContain('import { b } from "./b.ts";');
    expect(lines).toContain('import { c } from "./c.ts";');
    expect(git("status", "--porcelain").out).toBe("");
  });

  it("stops where both sides say something else, with markers in the file and the reason on the screen", async () => {
    const limit = (n: number) => ({ "my limits.ts": `export const LIMIT = ${n};\n` });
    await branches(limit(1), limit(2), limit(3));
    nexus("--install");

    const merged = git("merge", "topic");

    expect(merged.code).toBe(1);
    expect(merged.out).toContain("CONFLICT (content): Merge conflict in my limits.ts");
    expect(merged.err).toContain("nexus: my limits.ts: conflict: ");
    expect(await text("my limits.ts")).toMatch(
      /^<{7} .+\nexport const LIMIT = 2;\n={7}\nexport const LIMIT = 3;\n>{7} .+\n$/,
    );
    expect(git("status", "--porcelain").out).toBe('UU "my limits.ts"\n');
  });

  it("leaves a file that is no text as it was, and in conflict", async () => {
    const css = (last: number) => ({ "a.css": Buffer.from([0x61, 0, last]) });
    await branches(css(1), css(2), css(3));
    nexus("--install");

    const merged = git("merge", "topic");

    expect(merged.code).toBe(1);
    expect(merged.err).toMatch(/nexus: .+ is binary; it is not merged\n/);
    expect(await text("a.css")).toBe("a\0\x02");
    expect(git("status", "--porcelain").out).toBe("UU a.css\n");
  });

  it("loads nothing that the repository brings along", async () => {
    await branches({ "a.ts": BASE }, { "a.ts": OURS }, { "a.ts": THEIRS });
    await writeFile(join(repository, "evil.cjs"), 'require("fs").writeFileSync("ran", "");');
    await writeFile(join(repository, ".env"), "NODE_OPTIONS=--require ./evil.cjs\n");
    nexus("--install");

    expect(git("merge", "topic").code).toBe(0);
    expect(git("status", "--porcelain").out).toBe("?? .env\n?? evil.cjs\n");
  });
});

describe("installing the driver", () => {
  it("says what it wrote, and twice is like once", async () => {
    const first = nexus("--install");
    const config = git("config", "--local", "--list").out;
    const written = await attributes();

    const second = nexus("--install");

    expect(first.out).toContain('the merge driver "nexus" (local)');
    expect(first.out).toContain(".git/info/attributes says for which files");
    expect(config).toContain(" merge --driver --marker-size=%L ");
    expect(written).toMatch(/^# Nexus: begin.*\n(?:\*\.\w+ merge=nexus\n)+# Nexus: end\n$/);
    expect(second).toEqual(first);
    expect(git("config", "--local", "--list").out).toBe(config);
    expect(await attributes()).toBe(written);
  });

  it("keeps what else is in the attributes, and takes away only its own lines", async () => {
    await mkdir(join(repository, ".git/info"), { recursive: true });
    await writeFile(join(repository, ".git/info/attributes"), "*.bin -diff");
    nexus("--install");
    const between = await attributes();

    const gone = nexus("--uninstall");
    const again = nexus("--uninstall");

    expect(between).toMatch(/^\*\.bin -diff\n# Nexus: begin/);
    expect(gone).toMatchObject({ code: 0, out: expect.stringMatching(/^Taken away from git's/) });
    expect(await attributes()).toBe("*.bin -diff\n");
    expect(git("config", "--get-regexp", "merge").out).toBe("");
    expect(again).toEqual({ code: 0, out: "It was not installed.\n", err: "" });
  });

  it("names the lines of the repository that give way to it", async () => {
    await writeFile(join(repository, ".gitattributes"), "# merge\n*.md merge=union\n*.ts text\n");

    const { out } = nexus("--install");

    expect(out).toContain("\n  *.md merge=union\n");
    expect(out).not.toContain("*.ts");
  });

  it("is for every repository of a person with --global", async () => {
    const installed = nexus("--install", "--global");
    const file = join(home, ".config/git/attributes");
    const global = await readFile(file, "utf8");
    const known = git("check-attr", "merge", "a.ts").out;
    const gone = nexus("--uninstall", "--global");

    expect(installed).toMatchObject({ code: 0, out: expect.stringContaining("(global)") });
    expect(global).toContain("*.ts merge=nexus\n");
    expect(known).toBe("a.ts: merge: nexus\n");
    expect(gone.code).toBe(0);
    expect(await readFile(file, "utf8")).toBe("");
  });

  it("says in one line that there is no repository", async () => {
    expect(run(NEXUS, ["merge", "--install"], home)).toEqual({
      code: 2,
      out: "",
      err: expect.stringMatching(/^nexus: git rev-parse failed: fatal: not a git repository.*\n$/),
    });
  });
});

describe("the command with three files", () => {
  it("writes the merged text, and ends with 0, 1 or 2", async () => {
    const files = { base: BASE, ours: OURS, theirs: THEIRS, other: BASE.replace("all", "some") };
    for (const [name, content] of Object.entries(files))
      await writeFile(join(repository, name), content);
    await writeFile(join(repository, "third"), BASE.replace("all", "most"));

    const clean = nexus("base", "ours", "theirs", "src/a.ts", "--explain");
    const left = nexus("base", "other", "third", "src/a.ts", "--label-theirs", "third");
    const missing = nexus("base", "ours", "nowhere", "src/a.ts");

    expect(clean.code).toBe(0);
    expect(clean.out).toContain("./b.ts");
    expect(clean.out).toContain("./c.ts");
    expect(clean.err).toMatch(/^nexus: src\/a\.ts: \w+: .+\n$/);
    expect(left.code).toBe(1);
    expect(left.out).toMatch(/<{7} ours\n[\s\S]*={7}\n[\s\S]*>{7} third\n/);
    expect(missing).toEqual({
      code: 2,
      out: "",
      err: "nexus: nowhere cannot be read: there is no such file\n",
    });
  });
});
