import { existsSync } from "node:fs";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { driverCommand } from "../../../../src/cli/merge/driver-command.ts";
import { driverWorld, NEXUS } from "./driver-world.ts";

let world: Awaited<ReturnType<typeof driverWorld>>;
beforeEach(async () => {
  world = await driverWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

const BASE = 'import { a } from "./a.ts";\n\nexport const all = [a];\n';
const OURS =
  'import { a } from "./a.ts";\nimport { b } from "./b.ts";\n\nexport const all = [a];\n';
const THEIRS =
  'import { a } from "./a.ts";\nimport { c } from "./c.ts";\n\nexport const all = [a];\n';

const bothImports = () => world.branches({ "a.ts": BASE }, { "a.ts": OURS }, { "a.ts": THEIRS });
const limit = (n: number) => ({ "my limits.ts": `export const LIMIT = ${n};\n` });
const bothLimits = () => world.branches(limit(1), limit(2), limit(3));

async function expectBothImports(): Promise<void> {
  const lines = (await world.text("a.ts")).split("\n");
  expect(lines).toContain('import { b } from "./b.ts";');
  expect(lines).toContain('import { c } from "./c.ts";');
  expect(world.git("diff", "--name-only", "--diff-filter=U").out).toBe("");
}

describe("git with the driver of nexus", () => {
  it("merges what git alone stops on", async () => {
    await bothImports();
    expect(world.git("merge", "topic").code).toBe(1);
    world.git("merge", "--abort");

    const installed = world.nexus("--install");
    const merged = world.git("merge", "topic");

    expect(installed).toMatchObject({ code: 0, err: "" });
    expect(merged.code).toBe(0);
    await expectBothImports();
    expect(world.git("status", "--porcelain").out).toBe("");
  });

  it.each(["rebase", "cherry-pick"])("does the same in %s", async (command) => {
    await bothImports();
    world.nexus("--install");

    expect(world.git(command, "topic").code).toBe(0);
    await expectBothImports();
  });

  it("does the same in stash pop and in another worktree", async () => {
    await bothImports();
    world.nexus("--install");
    world.git("checkout", "--quiet", "--detach", "main~1");
    await world.write({ "a.ts": THEIRS });
    world.git("stash");
    world.git("checkout", "--quiet", "main");

    expect(world.git("stash", "pop").code).toBe(0);
    await expectBothImports();

    const other = join(world.place, "other tree");
    world.git("worktree", "add", "--quiet", "-b", "more", other, "main");
    expect(world.run("git", ["merge", "--quiet", "topic"], other)).toMatchObject({ code: 0 });
  });

  it("stops where both sides say something else, with markers in the file and the reason on the screen", async () => {
    await bothLimits();
    world.nexus("--install");

    const merged = world.git("merge", "topic");

    expect(merged.code).toBe(1);
    expect(merged.out).toContain("CONFLICT (content): Merge conflict in my limits.ts");
    expect(merged.err).toContain("nexus: my limits.ts: conflict: ");
    expect(await world.text("my limits.ts")).toMatch(
      /^<{7} .+\nexport const LIMIT = 2;\n={7}\nexport const LIMIT = 3;\n>{7} .+\n$/,
    );
    expect(world.git("status", "--porcelain").out).toBe('UU "my limits.ts"\n');
  });

  it("marks conflicts in the style and the length that the settings of git name", async () => {
    await bothLimits();
    await world.write({ ".git/info/attributes": "*.ts conflict-marker-size=9\n" });
    world.git("config", "merge.conflictStyle", "diff3");
    world.nexus("--install");

    world.git("merge", "topic");

    expect(await world.text("my limits.ts")).toMatch(/^<{9} .+\n.+\n\|{9} .+\n.+1;\n={9}\n/);
  });

  it("marks a conflict as always where the two bases of a criss-cross conflict too", async () => {
    await bothLimits();
    world.nexus("--install");
    for (const [branch, other, n] of [
      ["main", "topic", 2],
      ["topic", "main~1", 3],
    ] as const) {
      world.git("checkout", "--quiet", branch);
      world.git("merge", "--quiet", other);
      await world.write(limit(n));
      world.commitAll();
    }

    const merged = world.git("merge", "main");

    expect(world.git("merge-base", "--all", "main", "topic").out).toMatch(/^\w+\n\w+\n$/);
    expect(merged.code).toBe(1);
    expect(await world.text("my limits.ts")).toMatch(/^<{7} .+\n.+3;\n={7}\n.+2;\n>{7} .+\n$/);
  });

  it("leaves a file that is no text as it was, and in conflict", async () => {
    const css = (last: number) => ({ "a.css": Buffer.from([0x61, 0, last]) });
    await world.branches(css(1), css(2), css(3));
    world.nexus("--install");

    const merged = world.git("merge", "topic");

    expect(merged.code).toBe(1);
    expect(merged.err).toMatch(/^nexus: a\.css \(base\) is binary; it is not merged\n/);
    expect(await world.text("a.css")).toBe("a\0\x02");
    expect(world.git("status", "--porcelain").out).toBe("UU a.css\n");
  });

  it("leaves a text in another encoding to git, which joins its lines byte for byte", async () => {
    const latin = (first: string, last: string) => ({
      "a.py": Buffer.from(`${first} = "\xe9"\n\n\n\n\n${last} = "\xe8"\n`, "latin1"),
    });
    await world.branches(latin("a", "b"), latin("a1", "b"), latin("a", "b1"));
    world.nexus("--install");

    const merged = world.git("merge", "topic");

    expect(merged.code).toBe(0);
    expect(merged.err).toContain("nexus: a.py: left to git alone\n");
    expect(await world.text("a.py")).toBe('a1 = "\xe9"\n\n\n\n\nb1 = "\xe8"\n');
  });

  it("loads nothing that the repository brings along", async () => {
    await bothImports();
    await world.write({
      "evil.cjs": 'require("fs").writeFileSync("ran", "");',
      ".env": "NODE_OPTIONS=--require ./evil.cjs\n",
    });
    world.nexus("--install");

    expect(world.git("merge", "topic").code).toBe(0);
    expect(world.git("status", "--porcelain").out).toBe("?? .env\n?? evil.cjs\n");
  });
});

describe("where the driver cannot run, git's own conflict is left", () => {
  it.each([
    ["it is gone", undefined],
    ["it ends as Node.js does when it breaks", "exit 1"],
    ["its Node.js is missing", "exit 2"],
    ["it is killed", "kill -9 $$"],
  ])("when %s", async (_, script) => {
    await bothLimits();
    world.nexus("--install");
    const program = join(world.place, "broken.sh");
    if (script !== undefined) await writeFile(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    world.git("config", "merge.nexus.driver", driverCommand(program));

    const merged = world.git("merge", "topic");

    expect(merged.code).toBe(1);
    expect(merged.err).toContain("nexus: my limits.ts: left to git alone\n");
    expect(await world.text("my limits.ts")).toBe(
      "<<<<<<< ours\nexport const LIMIT = 2;\n=======\nexport const LIMIT = 3;\n>>>>>>> theirs\n",
    );
    expect(world.git("status", "--porcelain").out).toBe('UU "my limits.ts"\n');
    expect((await readdir(world.repository)).sort()).toEqual([".git", "my limits.ts"]);
  });
});

describe("the command with three files", () => {
  it("writes the merged text, and ends with 0, 1 or 2", async () => {
    const other = BASE.replace("all", "some");
    const third = BASE.replace("all", "most");
    await world.write({ base: BASE, ours: OURS, theirs: THEIRS, other, third });

    const clean = world.nexus("base", "ours", "theirs", "src/a.ts", "--explain");
    const left = world.nexus("base", "other", "third", "src/a.ts", "--label-theirs", "third");
    const missing = world.nexus("base", "ours", "nowhere", "src/a.ts");

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

  it.skipIf(!existsSync("/dev/full"))(
    "ends with 2 where the text could not be written",
    async () => {
      await world.write({ base: BASE, ours: OURS, theirs: THEIRS });
      const typed = `exec "$1" merge base ours theirs a.ts > /dev/full`;

      const { code, err } = world.run("sh", ["-c", typed, "sh", NEXUS]);

      expect(code).toBe(2);
      expect(err).toMatch(/^nexus: the result cannot be written: .+\n$/);
    },
  );
});
