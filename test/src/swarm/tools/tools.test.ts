import { chmod, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createCommandGate } from "../../../../src/swarm/policy/command-gate.ts";
import type { Tool } from "../../../../src/swarm/tool.ts";
import { deleteFile } from "../../../../src/swarm/tools/delete-file.ts";
import { editFile } from "../../../../src/swarm/tools/edit-file.ts";
import { listFiles } from "../../../../src/swarm/tools/list-files.ts";
import { readFile as readTool } from "../../../../src/swarm/tools/read-file.ts";
import { runCommand } from "../../../../src/swarm/tools/run-command.ts";
import { searchFiles } from "../../../../src/swarm/tools/search-files.ts";
import { type FolderSession, folderSession } from "../../../fakes/folder-session.ts";

const use = (tool: Tool, session: FolderSession, input: unknown) =>
  tool.call(input, {
    session,
    paths: ["src/**", "new/**"],
    commandTimeoutMs: 10_000,
    commands: createCommandGate({ deny: ["make"] }),
  });

async function gitRepository(session: FolderSession): Promise<void> {
  const commands = [
    "git init -q .",
    "git add -A",
    "git -c user.name=a -c user.email=b commit -qm c",
  ];
  for (const command of commands) await session.run(["sh", "-c", command]);
}

describe("list", () => {
  const FILES = {
    "README.md": "",
    "src/a.ts": "",
    "src/deep/b.ts": "",
    "src/[id]/page.tsx": "",
    ".gitignore": "dist\nnode_modules\n",
    "dist/out.js": "",
    "node_modules/x/index.js": "",
  };

  it.each([
    ["", [".gitignore", "README.md", "src/[id]/page.tsx", "src/a.ts", "src/deep/b.ts"]],
    ["src", ["src/[id]/page.tsx", "src/a.ts", "src/deep/b.ts"]],
    ["./src/", ["src/[id]/page.tsx", "src/a.ts", "src/deep/b.ts"]],
    ["src/[id]", ["src/[id]/page.tsx"]],
    ["src/[id]/*", ["src/[id]/page.tsx"]],
    ["**/*.ts", ["src/a.ts", "src/deep/b.ts"]],
    ["src/*.{ts,js}", ["src/a.ts"]],
    ["src/a.ts", ["src/a.ts"]],
    ["zzz/**", ["There are no such files."]],
  ])("with %j names the files git would carry", async (path, expected) => {
    await using session = await folderSession(FILES);
    await gitRepository(session);

    const result = await use(listFiles, session, { path });

    expect(result.kind).toBe("done");
    expect(result.text.split("\n").toSorted()).toEqual(expected);
  });

  it("shows files that are new and leaves out those that are gone", async () => {
    await using session = await folderSession(FILES);
    await gitRepository(session);
    await session.run(["sh", "-c", "rm src/a.ts && touch src/new.ts"]);

    const { text } = await use(listFiles, session, { path: "src/*.ts" });

    expect(text).toBe("src/new.ts");
  });

  it("works where there is no git", async () => {
    await using session = await folderSession(FILES);

    const { text } = await use(listFiles, session, { path: "src/**/*.ts" });

    expect(text.split("\n").toSorted()).toEqual(["src/a.ts", "src/deep/b.ts"]);
  });

  it("says how many it left out", async () => {
    const many = Object.fromEntries(Array.from({ length: 450 }, (_, i) => [`src/${i}.ts`, ""]));
    await using session = await folderSession(many);

    const { text } = await use(listFiles, session, { path: "src" });

    expect(text).toContain("[50 more left out.");
  });
});

describe("read", () => {
  it("shows lines with their numbers and how many there are", async () => {
    await using session = await folderSession({ "a.txt": "one\ntwo\nthree\nfour\n" });

    const { text } = await use(readTool, session, { path: "a.txt", from: 2, to: 3 });

    expect(text).toBe("     2\ttwo\n     3\tthree\n[4 lines in all]\n");
  });

  it("shows at most 400 lines at once", async () => {
    await using session = await folderSession({ "a.txt": "x\n".repeat(1000) });

    const { text } = await use(readTool, session, { path: "a.txt", to: 900 });

    expect(text.trimEnd().split("\n")).toHaveLength(401);
  });

  it.each([
    ["a file that there is not", { path: "zzz" }, ["failed", "no such file"]],
    ["a folder", { path: "src" }, ["failed", "no such file"]],
    ["a binary file", { path: "src/bin" }, ["failed", "not text"]],
    ["an empty file", { path: "src/empty" }, ["done", "is empty"]],
    ["lines the wrong way round", { path: "src/empty", from: 5, to: 2 }, ["failed", "before"]],
  ])("answers %s", async (_, input, answer) => {
    await using session = await folderSession({ "src/bin": "a\0b", "src/empty": "" });

    const result = await use(readTool, session, input);

    const [kind, word = ""] = answer;
    expect(result).toMatchObject({ kind, text: expect.stringContaining(word) });
  });

  it("takes a name like an option or a variable for a name", async () => {
    await using session = await folderSession({ "-rf": "dash\n", "NR=5": "equals\n" });

    const texts = [
      await use(readTool, session, { path: "-rf" }),
      await use(readTool, session, { path: "NR=5" }),
    ];

    expect(texts.map(({ text }) => text.split("\n")[0])).toEqual([
      "     1\tdash",
      "     1\tequals",
    ]);
  });
});

describe("search", () => {
  it.each([
    ["plain text", { pattern: "a.b(" }, "src/a.ts:1:a.b(c)"],
    ["a regular expression", { pattern: "^x+y$", regex: true }, "src/a.ts:2:xxy"],
    ["text like an option", { pattern: "--help" }, "src/b.ts:1:--help"],
    ["one folder", { pattern: "c", path: "src" }, "src/a.ts:1:a.b(c)"],
    ["one file", { pattern: "--", path: "src/b.ts" }, "src/b.ts:1:--help"],
    ["what is not there", { pattern: "zzz" }, "Nothing found."],
  ])("finds %s", async (_, input, expected) => {
    await using session = await folderSession({
      "src/a.ts": "a.b(c)\nxxy\n",
      "src/b.ts": "--help\n",
      ".git/config": "c xxy --help a.b(",
      "node_modules/x/i.js": "c --help a.b(",
    });

    const result = await use(searchFiles, session, input);

    expect(result).toEqual({ kind: "done", text: expected });
  });

  it("says what is wrong with a regular expression", async () => {
    await using session = await folderSession({ "a.txt": "a" });

    const result = await use(searchFiles, session, { pattern: "a(", regex: true });

    expect(result).toMatchObject({ kind: "failed", text: expect.stringMatching(/\(/) });
  });

  it("bounds long lines and many of them", async () => {
    await using session = await folderSession(
      Object.fromEntries(
        Array.from({ length: 300 }, (_, i) => [`f${i}`, `x${"y".repeat(5000)}\n`]),
      ),
    );

    const { text } = await use(searchFiles, session, { pattern: "x" });

    expect(text.length).toBeLessThan(200 * 301 + 100);
    expect(text).toMatch(/\[There are more\. Narrow the search\.\]$/);
  });
});

describe("edit", () => {
  it.each([
    ["one place", ["a b c", "a X c"], { old: "b", new: "X" }],
    ["all places", ["b b", "X X"], { old: "b", new: "X", all: true }],
    ["with $ in the new text", ["a", "$& $1"], { old: "a", new: "$& $1" }],
    ["to nothing", ["a b", "a"], { old: " b", new: "" }],
    ["without a newline at the end", ["a\nb", "a\nc"], { old: "b", new: "c" }],
    ["Windows line ends", ["a\r\nb\r\nc\r\n", "x\r\ny\r\nc\r\n"], { old: "a\nb\n", new: "x\ny\n" }],
    ["mixed line ends", ["a\r\nb\nc\n", "a\r\nx\n"], { old: "b\nc", new: "x" }],
    ["a byte order mark", ["\uFEFFa b", "\uFEFFa c"], { old: "b", new: "c" }],
    ["escapes of a terminal", ["\u001B[31mred b", "\u001B[31mred c"], { old: "b", new: "c" }],
    ["characters that are not shown", ["👩‍💻 b ❤️", "👩‍💻 c ❤️"], { old: "b", new: "c" }],
    ["an empty file", ["", "filled"], { old: "", new: "filled" }],
  ])("changes %s exactly", async (_, [before = "", after], change) => {
    await using session = await folderSession({ "src/a.txt": before });

    const result = await use(editFile, session, { path: "src/a.txt", ...change });

    expect(result).toEqual({ kind: "done", text: "Wrote src/a.txt.", changed: true });
    expect(await session.text("src/a.txt")).toBe(after);
  });

  it("creates a file with its folders", async () => {
    await using session = await folderSession();

    const result = await use(editFile, session, { path: "new/deep/-x.txt", old: "", new: "hi\n" });

    expect(result.kind).toBe("done");
    expect(await session.text("new/deep/-x.txt")).toBe("hi\n");
  });

  it("changes a file of many parts and keeps the rest byte for byte", async () => {
    const big = `${"größe\n".repeat(60_000)}end`;
    await using session = await folderSession({ "src/big.txt": big });

    await use(editFile, session, { path: "src/big.txt", old: "größe\nend", new: "größe\nEND" });

    expect(await session.text("src/big.txt")).toBe(`${big.slice(0, -3)}END`);
  });

  it("keeps the right to run a script", async () => {
    await using session = await folderSession({ "src/run.sh": "echo a" });
    await chmod(join(session.folder, "src/run.sh"), 0o755);

    await use(editFile, session, { path: "src/run.sh", old: "a", new: "b" });

    expect((await stat(join(session.folder, "src/run.sh"))).mode & 0o777).toBe(0o755);
  });

  it.each([
    ["text that does not occur", { path: "src/a.txt", old: "zzz", new: "y" }, "does not occur"],
    ["text that occurs twice", { path: "src/a.txt", old: "aa", new: "y" }, "occurs 3 times"],
    ["a change that is none", { path: "src/a.txt", old: "aa", new: "aa" }, "are the same"],
    [
      "a file to be created that exists",
      { path: "src/a.txt", old: "", new: "y" },
      "exists already",
    ],
    ["a file that there is not", { path: "src/zzz", old: "a", new: "y" }, "no file src/zzz"],
    ["text in an empty file", { path: "src/empty", old: "a", new: "y" }, "is empty"],
    ["a folder", { path: "src/dir", old: "", new: "y" }, "not a regular file"],
    ["a binary file", { path: "src/latin1", old: "a", new: "y" }, "not UTF-8"],
    ["a file that is too large", { path: "src/huge", old: "a", new: "y" }, "larger than 1 MiB"],
    ["a file below a file", { path: "src/a.txt/b", old: "", new: "y" }, "could not be written"],
    ["what differs by hidden characters", { path: "src/zw", old: "ab", new: "y" }, "not shown"],
  ])("refuses %s and changes nothing", async (_, input, word) => {
    const files = {
      "src/a.txt": "aaaa",
      "src/empty": "",
      "src/dir/x": "",
      "src/latin1": Uint8Array.of(0x61, 0xff),
      "src/huge": "x".repeat(1_200_000),
      "src/zw": "a\u200Bb",
    };
    await using session = await folderSession(files);

    const result = await use(editFile, session, input);

    expect(result).toMatchObject({ kind: "failed", text: expect.stringContaining(word) });
    expect(await session.text("src/a.txt")).toBe("aaaa");
  });
});

describe("delete", () => {
  it("removes one file", async () => {
    await using session = await folderSession({ "src/a": "", "src/b": "" });

    const result = await use(deleteFile, session, { path: "src/a" });

    expect(result).toEqual({ kind: "done", text: "Removed src/a.", changed: true });
    expect([await session.text("src/a"), await session.text("src/b")]).toEqual([undefined, ""]);
  });

  it.each([
    ["what there is not", "src/zzz", "no such file"],
    ["a folder", "src/dir", "not a regular file"],
    ["a path outside the item", "README.md", "outside this work item"],
  ])("refuses %s", async (_, path, word) => {
    await using session = await folderSession({ "src/dir/x": "", "README.md": "" });

    const result = await use(deleteFile, session, { path });

    expect(result).toMatchObject({ kind: "failed", text: expect.stringContaining(word) });
  });
});

describe("run", () => {
  it.each([
    ["echo out; echo err >&2; exit 3", "[exit code 3]\nout\nerr\n"],
    ["pwd | xargs basename | cut -c1-13", "[exit code 0]\nnexus-folder-\n"],
    ["cat", "[exit code 0]\n"],
  ])("%s shows how it ended", async (command, expected) => {
    await using session = await folderSession();

    const result = await use(runCommand, session, { command });

    expect(result).toMatchObject({ kind: "done", text: expected });
  });

  it("says when a command took too long", async () => {
    await using session = await folderSession();

    const result = await runCommand.call(
      { command: "exec sleep 60" },
      { session, paths: [], commandTimeoutMs: 200, commands: createCommandGate({ deny: [] }) },
    );

    expect(result.text).toBe("[stopped after 0.2 seconds]\n");
  });

  it.each([
    ["curl https://example.org", "curl: there is no network here"],
    ["make all", "the repository forbids make"],
    ["$X", "only known when it runs"],
  ])("%s is refused before anything runs", async (command, why) => {
    await using session = await folderSession();

    const result = await use(runCommand, session, { command });

    expect(result).toMatchObject({ kind: "failed", text: expect.stringContaining(why) });
    expect(session.commands).toEqual([]);
  });

  it("is written down and not executed in a dry run", async () => {
    await using session = await folderSession();
    const written: string[] = [];
    const commands = createCommandGate({ deny: [], record: (command) => written.push(command) });

    const result = await runCommand.call(
      { command: "touch made" },
      { session, paths: [], commandTimeoutMs: 1_000, commands },
    );

    expect(result.kind).toBe("done");
    expect(written).toEqual(["touch made"]);
    expect(session.commands).toEqual([]);
  });
});

describe("a tool told to leave the repository", () => {
  const OUTSIDE = [
    "/etc/passwd",
    "/proc/self/environ",
    "../outside",
    "src/../../outside",
    ".git/config",
    "src/.GIT/hooks/pre-commit",
    "src/.g\u200Cit/config",
    "src/a\nb",
    "~/../x\0y",
  ];

  it.each(OUTSIDE)("refuses %j before anything runs", async (path) => {
    await using session = await folderSession({ "src/a": "" });

    const results = [
      await use(readTool, session, { path }),
      await use(editFile, session, { path, old: "", new: "x" }),
      await use(deleteFile, session, { path }),
      await use(searchFiles, session, { pattern: "x", path }),
      await use(listFiles, session, { path }),
    ];

    expect(results.map(({ kind }) => kind)).toEqual(Array(5).fill("failed"));
    expect(session.commands).toEqual([]);
  });

  it("refuses to write or remove through a link, wherever it leads", async () => {
    await using session = await folderSession({
      "src/real": "",
      ".github/workflows/ci.yml": "safe",
    });
    const at = (path: string) => join(session.folder, path);
    await symlink("../.github/workflows/ci.yml", at("src/file-link"));
    await symlink("../.github/workflows", at("src/folder-link"));
    await symlink("/nowhere/at/all", at("src/dangling"));

    const results = [
      await use(editFile, session, { path: "src/file-link", old: "safe", new: "evil" }),
      await use(editFile, session, { path: "src/folder-link/ci.yml", old: "safe", new: "evil" }),
      await use(editFile, session, { path: "src/folder-link/new.yml", old: "", new: "evil" }),
      await use(editFile, session, { path: "src/dangling", old: "", new: "evil" }),
      await use(deleteFile, session, { path: "src/folder-link/ci.yml" }),
    ];

    expect(results.map(({ kind }) => kind)).toEqual(Array(5).fill("failed"));
    expect(await session.text(".github/workflows/ci.yml")).toBe("safe");
  });

  it("refuses a workflow outside the item and says what may be changed", async () => {
    await using session = await folderSession({ ".github/workflows/ci.yml": "safe" });

    const result = await use(editFile, session, {
      path: ".github/workflows/ci.yml",
      old: "safe",
      new: "evil",
    });

    expect(result).toEqual({
      kind: "failed",
      text: ".github/workflows/ci.yml is outside this work item. It may change only: src/**, new/**",
    });
    expect(session.commands).toEqual([]);
  });

  it("gives hostile names and text to the sandbox as arguments, never as part of a script", async () => {
    await using session = await folderSession();
    const path = "src/$(touch pwned);`touch pwned`'\"&|";

    await use(editFile, session, { path, old: "", new: "$(touch pwned)" });
    await use(readTool, session, { path });
    await use(listFiles, session, { path: "src/$(touch pwned)/*" });
    await use(searchFiles, session, { pattern: "$(touch pwned)", path });
    await use(deleteFile, session, { path });

    expect(await session.text("pwned")).toBeUndefined();
    expect(await session.text("src/pwned")).toBeUndefined();
    expect(session.commands.every((command) => !command[2]?.includes("pwned"))).toBe(true);
  });

  it("does not wait for a pipe that never ends", async () => {
    await using session = await folderSession({ "src/a": "" });
    await session.run(["mkfifo", "src/pipe"]);

    const results = [
      await use(readTool, session, { path: "src/pipe" }),
      await use(editFile, session, { path: "src/pipe", old: "", new: "x" }),
      await use(searchFiles, session, { pattern: "zzz" }),
    ];

    expect(results.map(({ kind }) => kind)).toEqual(["failed", "failed", "done"]);
  });
});

describe("a tool with input that does not fit", () => {
  it.each([
    ["nothing", null],
    ["a text", "src"],
    ["a list", []],
    ["a field missing", {}],
    ["a field of the wrong type", { path: 5, command: 5, pattern: 5, old: 5, new: 5 }],
    ["a field too many", { path: "a", command: "a", pattern: "a", old: "", new: "a", force: true }],
  ])("takes %s as malformed and runs nothing", async (_, input) => {
    await using session = await folderSession();
    const tools = [listFiles, readTool, searchFiles, editFile, deleteFile, runCommand];

    const results = await Promise.all(tools.map((tool) => use(tool, session, input)));

    expect(results.map(({ kind }) => kind)).toEqual(Array(6).fill("malformed"));
    expect(session.commands).toEqual([]);
  });
});
