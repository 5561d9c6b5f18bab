import { describe, expect, it } from "vitest";
import type { Edit } from "../../../src/core/change-set.ts";
import type { Mirror } from "../../../src/core/git.ts";
import type { FileReport } from "../../../src/core/merge.ts";
import { joinChangeSets } from "../../../src/merge/merge.ts";
import { completeTree } from "../../../src/merge/trees/complete-tree.ts";
import { createSyntax } from "../../../src/syntax/create-syntax.ts";
import { seeded } from "../core/seeded.ts";
import { git, mirrorOf, remove, upstreamWith, write } from "../git/sample-repository.ts";

const LINES = "1\n2\n3\n4\n5\n6\n7\n8\n9\n";
const FILES = { "a.txt": LINES, "b.txt": "b\n" };

/** A real mirror, and a way to let items change something. */
async function repository() {
  const { url, main } = await upstreamWith(FILES);
  const mirror = await mirrorOf({ url, main });
  const change = async (item: string, edits: readonly Edit[], parent = main) => ({
    item,
    changeSet: await mirror.commitEdits({ parent, edits, message: item }),
  });
  const join = (order: Parameters<typeof joinChangeSets>[0]["order"], base = main) =>
    joinChangeSets({ base, order, ...portsOf(mirror) });
  return { mirror, main, change, join };
}

const syntax = await createSyntax();

function portsOf(mirror: Mirror) {
  return { messageOf: (item: string) => `feat: ${item}\n`, mirror, syntax };
}

describe("ChangeSets are joined", () => {
  it("to a line with one commit for each item, each with its own message", async () => {
    const { mirror, main, change, join } = await repository();
    const top = await change("top", [write("a.txt", LINES.replace("1\n", "one\n"))]);
    const end = await change("end", [
      write("a.txt", LINES.replace("9\n", "nine\n")),
      write("c.txt", "c\n"),
    ]);

    const joined = await join([top, end]);

    if (joined.kind !== "merged") throw new Error(joined.kind);
    expect(joined.commits.map(({ item }) => item)).toEqual(["top", "end"]);
    expect(git(mirror.gitDir, ["log", "--format=%s %P", joined.head]).split("\n")).toEqual([
      `feat: end ${joined.commits[0]?.changeSet.commit}`,
      `feat: top ${main}`,
      "by a person",
    ]);
    expect(joined.head).toBe(joined.commits[1]?.changeSet.commit);
    expect(joined.commits[1]?.changeSet.files.map(({ path }) => path)).toEqual(["a.txt", "c.txt"]);
    expect(await mirror.readFile(joined.head, "a.txt")).toBe("one\n2\n3\n4\n5\n6\n7\n8\nnine\n");
  });

  it("when an item started from another one's work", async () => {
    const { mirror, change, join } = await repository();
    const first = await change("first", [write("a.txt", LINES.replace("5\n", "five\n"))]);
    const start = first.changeSet.commit;
    const second = await change("second", [write("a.txt", LINES.replace("5\n", "FIVE\n"))], start);

    const joined = await join([first, second]);

    if (joined.kind !== "merged") throw new Error(joined.kind);
    expect(await mirror.readFile(joined.head, "a.txt")).toBe(LINES.replace("5\n", "FIVE\n"));
    expect(joined.commits).toHaveLength(2);
  });

  it("onto a branch that went on since the items started", async () => {
    const { mirror, change, join } = await repository();
    const before = await change("before", [write("b.txt", "B\n")]);
    const item = await change("item", [remove("a.txt")]);

    const joined = await join([item], before.changeSet.commit);

    if (joined.kind !== "merged") throw new Error(joined.kind);
    expect(await mirror.listFiles(joined.head)).toEqual(["b.txt"]);
    expect(await mirror.readFile(joined.head, "b.txt")).toBe("B\n");
  });

  it("without a commit for an item that changed nothing, or what is there already", async () => {
    const { main, change, join } = await repository();
    const idle = await change("idle", []);
    const one = await change("one", [write("b.txt", "same\n")]);
    const two = await change("two", [write("b.txt", "same\n")]);

    const joined = await join([idle, one, two]);

    if (joined.kind !== "merged") throw new Error(joined.kind);
    expect(joined.commits.map(({ item }) => item)).toEqual(["one"]);
    const nothing = { kind: "merged", commits: [], head: main, report: [] };
    expect(await join([idle])).toEqual(nothing);
    expect(await join([])).toEqual(nothing);
  });

  it("where git alone stops and the texts prove an answer, with a report of how", async () => {
    const { mirror, change, join } = await repository();
    const order = [
      await change("four", [write("a.txt", LINES.replace("4\n", "four\n"))]),
      await change("five", [write("a.txt", LINES.replace("5\n", "five\n"))]),
    ];

    const joined = await join(order);

    if (joined.kind !== "merged") throw new Error(joined.kind);
    expect(joined.report).toMatchObject([
      { path: "a.txt", kind: "merged", hunks: [{ stage: "lines", confidence: "proven" }] },
    ]);
    expect(await mirror.readFile(joined.head, "a.txt")).toBe(
      LINES.replace("4\n5\n", "four\nfive\n"),
    );
  });

  it("with the help that is there for what the texts do not prove", async () => {
    const { mirror, main, change } = await repository();
    const order = [
      await change("x", [write("a.txt", LINES.replace("5", "x"))]),
      await change("y", [write("a.txt", LINES.replace("5", "y"))]),
    ];
    const asked: string[] = [];
    const report: FileReport = {
      path: "a.txt",
      kind: "merged",
      hunks: [{ stage: "model", line: 5, why: "both", confidence: "proposed" }],
    };

    const joined = await joinChangeSets({
      base: main,
      order,
      ...portsOf(mirror),
      help: (left, { item, before }) => {
        asked.push(...before, item);
        return completeTree(left, [{ report, text: "x and y\n" }], mirror);
      },
    });

    if (joined.kind !== "merged") throw new Error(joined.kind);
    expect(asked).toEqual(["x", "y"]);
    expect(joined.report).toEqual([report]);
    expect(await mirror.readFile(joined.head, "a.txt")).toBe("x and y\n");
  });

  it("to the same tree in every order, when every item keeps to its own place", async () => {
    const random = seeded(81);
    const { mirror, change, join } = await repository();
    const items = await Promise.all(
      [1, 5, 9].map((line) =>
        change(`l${line}`, [write("a.txt", LINES.replace(`${line}\n`, "x\n"))]),
      ),
    );
    const trees = new Set<string>();
    for (let round = 0; round < 4; round++) {
      const order = items.toSorted(() => random.int(3) - 1);
      const joined = await join(order);
      if (joined.kind === "merged") trees.add(await mirror.treeOf(joined.head));
    }

    expect(trees.size).toBe(1);
  });
});

describe("ChangeSets are not joined", () => {
  const clashes: readonly (readonly [string, Edit, Edit])[] = [
    [
      "change the same line",
      write("a.txt", LINES.replace("5", "x")),
      write("a.txt", LINES.replace("5", "y")),
    ],
    ["add the same file differently", write("new.txt", "x\n"), write("new.txt", "y\n")],
    ["delete what the other changes", remove("a.txt"), write("a.txt", `${LINES}10\n`)],
  ];

  it.each(clashes)("when two %s: the item and its files are named", async (_name, ours, theirs) => {
    const { change, join } = await repository();
    const order = [
      await change("ours", [ours]),
      await change("theirs", [theirs]),
      await change("later", [write("b.txt", "B\n")]),
    ];

    expect(await join(order)).toMatchObject({
      kind: "conflicted",
      item: "theirs",
      files: [theirs.path],
      report: [{ path: theirs.path, kind: "conflicted" }],
    });
  });

  it("when git itself fails: the error is the caller's", async () => {
    const { mirror, main, change } = await repository();
    const item = await change("item", [write("b.txt", "B\n")]);
    const broken = { ...mirror, mergeTrees: () => Promise.reject(new Error("no git")) };

    await expect(joinChangeSets({ base: main, order: [item], ...portsOf(broken) })).rejects.toThrow(
      "no git",
    );
  });
});
