import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { couldMatch } from "../../../sandbox/changes/could-match.ts";

const could = (rule: string, ...paths: string[]) => couldMatch([Buffer.from(rule)], paths);

describe("couldMatch", () => {
  it.each([
    ["an empty file", ""],
    ["a comment that names the path", "# a/new.ts\n"],
    ["a rule that takes back another", "!new.ts\n"],
    ["names that do not occur", "node_modules/\n/dist\n*.log\n.env*\n"],
    ["a name in another case", "NEW.TS\n"],
  ])("is sure that nothing matches of %s", (_, rules) => {
    expect(could(rules, "a/new.ts")).toBe(false);
  });

  it.each([
    ["the name", "new.ts"],
    ["a folder on the way", "a/"],
    ["an ending", "*.ts"],
    ["anything", "*"],
    ["a question mark", "???"],
    ["a bracket", "[a-z]*"],
    ["a bracket after a plain part", "ne[w].ts"],
    ["an escaped letter", "\\new.ts"],
    ["spaces at the end", "new.ts   \r"],
    ["what git does not read any more after a zero", "new.ts\0something-longer"],
  ])("is not sure of %s", (_, rule) => {
    expect(could(`other\n${rule}\nmore\n`, "b", "a/new.ts")).toBe(true);
  });

  it("leaves more than it can look through to git", () => {
    const paths = Array.from({ length: 1_000 }, (_, at) => `some/folder/file-${at}.ts`);

    expect(could("nowhere\n".repeat(2_000), ...paths)).toBe(true);
  });

  it("never rules out what git ignores", async () => {
    const folder = await mkdtemp(join(tmpdir(), "nexus-could-match-"));
    try {
      const rules = Array.from({ length: 400 }, (_, seed) => ruleOf(seed));
      await initWith(folder, rules);

      const ignored = ignoredByGit(folder, rules.length);

      const ruledOut = rules.map((rule) => !could(rule, ...PATHS));
      expect(ignored.filter(Boolean).length).toBeGreaterThan(50);
      expect(ruledOut.filter(Boolean).length).toBeGreaterThan(50);
      expect(rules.filter((_, at) => ruledOut[at] && ignored[at])).toEqual([]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

const PATHS = ["a", "ab", "a/b", "b/a", "ba.a", "a-b/b.a", "A", "b b", "aab/b/ab", "-b", "b_a"];
const PIECES = ["a", "b", "ab", "A", "*", "**", "?", "/", ".", "-", "_", " ", "\\", "[ab]", "[!a]"];
const ODD = ["!", "#", "\r", "\0b", "[", "]", "é", "x", "xx"];

/** Always the same rule for the same seed. */
function ruleOf(seed: number): string {
  const pieces = [...PIECES, ...ODD];
  let state = seed * 2_654_435_761 + 12_345;
  const next = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor(state / 65_536) % below;
  };
  return Array.from({ length: 1 + next(4) }, () => pieces[next(pieces.length)] ?? "").join("");
}

/** Each rule in a folder of its own. */
async function initWith(folder: string, rules: readonly string[]): Promise<void> {
  spawnSync("git", ["init", "--quiet", folder]);
  for (const [at, rule] of rules.entries()) {
    await mkdir(join(folder, `${at}`));
    await writeFile(join(folder, `${at}`, ".gitignore"), `${rule}\n`);
  }
}

/** Of each rule, whether it applies to one of the paths. */
function ignoredByGit(folder: string, rules: number): boolean[] {
  const asked = Array.from({ length: rules }, (_, at) => PATHS.map((path) => `./${at}/${path}\0`));
  const { stdout } = spawnSync("git", ["check-ignore", "--no-index", "-z", "--stdin"], {
    cwd: folder,
    input: asked.flat().join(""),
  });
  const named = stdout.toString().split("\0");
  return asked.map((_, at) => named.some((path) => path.startsWith(`./${at}/`)));
}
