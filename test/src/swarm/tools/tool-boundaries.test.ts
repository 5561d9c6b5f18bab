import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { deleteFile } from "../../../../src/swarm/tools/delete-file.ts";
import { editFile } from "../../../../src/swarm/tools/edit-file.ts";
import { listFiles } from "../../../../src/swarm/tools/list-files.ts";
import { readFile as readTool } from "../../../../src/swarm/tools/read-file.ts";
import { renameFile } from "../../../../src/swarm/tools/rename-file.ts";
import { searchFiles } from "../../../../src/swarm/tools/search-files.ts";
import { WORKER_TOOLS } from "../../../../src/swarm/turn.ts";
import { folderSession } from "../../../fakes/folder-session.ts";
import { use } from "./tools-world.ts";

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
      await use(searchFiles, session, { pattern: "x", path, symbol: true }),
      await use(listFiles, session, { path }),
      await use(renameFile, session, { from: path, to: "src/b" }),
      await use(renameFile, session, { from: "src/a", to: path }),
      await use(editFile, session, { path, edits: [{ old: "", new: "x" }] }),
    ];

    expect(results.map(({ kind }) => kind)).toEqual(Array(9).fill("failed"));
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
    await use(searchFiles, session, { pattern: "x", path, symbol: true });
    await use(renameFile, session, { from: path, to: `${path}2` });
    await use(deleteFile, session, { path: `${path}2` });

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

    const results = await Promise.all(WORKER_TOOLS.map((tool) => use(tool, session, input)));

    expect(results.map(({ kind }) => kind)).toEqual(WORKER_TOOLS.map(() => "malformed"));
    expect(session.commands).toEqual([]);
  });
});
