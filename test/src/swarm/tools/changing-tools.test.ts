import { chmod, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createCommandGate } from "../../../../src/swarm/policy/command-gate.ts";
import { deleteFile } from "../../../../src/swarm/tools/delete-file.ts";
import { editFile } from "../../../../src/swarm/tools/edit-file.ts";
import { runCommand } from "../../../../src/swarm/tools/run-command.ts";
import { folderSession } from "../../../fakes/folder-session.ts";
import { benchOf, use } from "./tools-world.ts";

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
      benchOf(session, { commandTimeoutMs: 200 }),
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

    const result = await runCommand.call({ command: "touch made" }, benchOf(session, { commands }));

    expect(result.kind).toBe("done");
    expect(written).toEqual(["touch made"]);
    expect(session.commands).toEqual([]);
  });
});
