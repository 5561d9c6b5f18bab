import {
  chmod,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { mergeFiles } from "../../../../src/cli/merge/merge-files.ts";
import type { FilesWish } from "../../../../src/cli/merge/merge-wish.ts";
import type { FileMerge, Sides } from "../../../../src/core/merge.ts";

let all = "";
beforeAll(async () => {
  all = await mkdtemp(join(tmpdir(), "nexus-merge-files-"));
});
afterAll(() => rm(all, { recursive: true, force: true }));

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(all, "test-"));
});

type Content = string | Buffer;

async function wishFor(
  [base, ours, theirs]: readonly [Content, Content, Content],
  more: Partial<FilesWish> = {},
): Promise<FilesWish> {
  const at = (name: string) => join(folder, name);
  await writeFile(at("base"), base);
  await writeFile(at("ours"), ours);
  await writeFile(at("theirs"), theirs);
  return {
    kind: "merge",
    base: at("base"),
    ours: at("ours"),
    theirs: at("theirs"),
    path: "src/a.ts",
    output: undefined,
    isDriver: false,
    look: { size: 7, ours: undefined, base: undefined, theirs: undefined, style: "merge" },
    explain: false,
    ...more,
  };
}

/** Runs it with a merger of three lines: it joins what it is given, or leaves it all. */
async function run(wish: FilesWish, answer: (sides: Sides) => FileMerge = joined) {
  const said: { out: Buffer[]; err: string[] } = { out: [], err: [] };
  const code = await mergeFiles(wish, {
    merge: async (sides) => answer(sides),
    out: async (content) => void said.out.push(Buffer.from(content)),
    err: (line) => void said.err.push(line),
  });
  return { code, out: Buffer.concat(said.out).toString("latin1"), err: said.err };
}

const joined = ({ ours, theirs }: Sides): FileMerge => ({
  kind: "merged",
  text: ours + theirs,
  hunks: [{ stage: "lines", line: 1, why: "both sides added lines", confidence: "proven" }],
});

const left = ({ base, ours, theirs }: Sides): FileMerge => ({
  kind: "conflicted",
  text: `<<<<<<< ours\n${ours}=======\n${theirs}>>>>>>> theirs\n`,
  hunks: [],
  conflicts: [{ base, ours, theirs, line: 1, why: "both sides changed it" }],
});

describe("three files", () => {
  it("become one text on standard output", async () => {
    const wish = await wishFor(["a\n", "b\n", "c\n"]);

    expect(await run(wish)).toEqual({ code: 0, out: "b\nc\n", err: [] });
    expect(await readFile(wish.ours, "utf8")).toBe("b\n");
  });

  it("become one text with markers, and a word about what is left", async () => {
    const wish = await wishFor(["a\n", "b\n", "c\n"]);

    expect(await run(wish, left)).toEqual({
      code: 1,
      out: "<<<<<<< ours\nb\n=======\nc\n>>>>>>> theirs\n",
      err: ["src/a.ts: conflict: both sides changed it"],
    });
  });

  it("say how each place was settled where that is asked for", async () => {
    const wish = await wishFor(["a\n", "b\n", "c\n"], { explain: true });

    expect((await run(wish)).err).toEqual(["src/a.ts: lines: both sides added lines"]);
  });

  it.each<[string, readonly [Content, Content, Content], string]>([
    ["both sides alike", ["a", Buffer.from([0, 255]), Buffer.from([0, 255])], "\x00\xff"],
    ["only ours changed", [Buffer.from([0]), Buffer.from([0, 1]), Buffer.from([0])], "\x00\x01"],
    ["only theirs changed", [Buffer.from([233]), Buffer.from([233]), Buffer.from([232])], "\xe8"],
    ["nothing there at all", ["", "", ""], ""],
  ])("that are no text are no trouble with %s", async (_, contents, out) => {
    expect(await run(await wishFor(contents))).toEqual({ code: 0, out, err: [] });
  });

  it("keep a mark at the beginning and the ends of lines", async () => {
    const wish = await wishFor(["\ufeffa\r\n", "\ufeffb\r\n", "\ufeffc\r\n"]);

    const { out } = await run(wish, ({ theirs }) => ({ kind: "merged", text: theirs, hunks: [] }));

    expect(out).toBe("\xef\xbb\xbfc\r\n");
  });
});

describe("the result in a file", () => {
  it("is there as a whole, with the permissions that the file had", async () => {
    const wish = await wishFor(["a\n", "b\n", "c\n"]);
    await chmod(wish.ours, 0o754);

    const ran = await run({ ...wish, output: wish.ours });

    expect(ran).toEqual({ code: 0, out: "", err: [] });
    expect(await readFile(wish.ours, "utf8")).toBe("b\nc\n");
    expect((await stat(wish.ours)).mode & 0o777).toBe(0o754);
    expect((await readdir(folder)).sort()).toEqual(["base", "ours", "theirs"]);
  });

  it("has the markers of what is left", async () => {
    const wish = await wishFor(["a\n", "b\n", "c\n"]);

    expect((await run({ ...wish, output: wish.ours }, left)).code).toBe(1);
    expect(await readFile(wish.ours, "utf8")).toMatch(/^<{7} ours\nb\n={7}\nc\n>{7} theirs\n$/);
  });

  it("goes where a link points to, and the link stays", async () => {
    const wish = await wishFor(["a\n", "b\n", "c\n"]);
    await symlink("ours", join(folder, "link"));

    await run({ ...wish, output: join(folder, "link") });

    expect(await readFile(wish.ours, "utf8")).toBe("b\nc\n");
    expect(await readFile(join(folder, "link"), "utf8")).toBe("b\nc\n");
  });

  it("may be a new file", async () => {
    const wish = await wishFor(["a\n", "b\n", "c\n"], { output: join(folder, "new") });

    await run(wish);

    expect(await readFile(join(folder, "new"), "utf8")).toBe("b\nc\n");
  });
});

describe("what cannot be merged is said in one line, and nothing is written", () => {
  const fine: readonly [Content, Content, Content] = ["a\n", "b\n", "c\n"];
  const binary = Buffer.from([1, 0, 2]);
  const latin = Buffer.from([0x63, 0xe9, 10]);

  it.each<[string, () => Promise<FilesWish>, RegExp]>([
    [
      "a missing file",
      () => wishFor(fine, { base: "/nowhere/a" }),
      /a cannot be read: there is no/,
    ],
    ["a folder", () => wishFor(fine, { theirs: all }), /cannot be read: it is a folder$/],
    ["a binary base", () => wishFor([binary, "b", "c"]), /base is binary; it is not merged$/],
    ["a binary side", () => wishFor(["a", binary, "c"]), /ours is binary; it is not merged$/],
    [
      "a side in Latin-1",
      () => wishFor(["a", "b", latin]),
      /theirs is not UTF-8; it is not merged$/,
    ],
    ["a huge side", huge, /theirs is larger than 16 MiB; it is not merged$/],
    ["a folder to write", () => wishFor(fine, { output: all }), /written: it is no plain file$/],
    [
      "a place that is not there",
      () => wishFor(fine, { output: "/nowhere/a" }),
      /^\/nowhere\/a cannot be written: there is no such file$/,
    ],
  ])("with %s", async (_, make, why) => {
    const wish = await make();
    const before = await readFile(wish.ours);

    const ran = run({ ...wish, output: wish.output ?? wish.ours });

    await expect(ran).rejects.toThrow(why);
    await expect(ran).rejects.toThrow(/^[^\n]+$/);
    expect(await readFile(wish.ours)).toEqual(before);
    expect((await readdir(folder)).sort()).toEqual(["base", "ours", "theirs"]);
  });

  async function huge(): Promise<FilesWish> {
    const wish = await wishFor(fine);
    await truncate(wish.theirs, 16 * 1024 * 1024 + 1);
    return wish;
  }
});
