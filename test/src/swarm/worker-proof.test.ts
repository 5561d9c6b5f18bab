import { describe, expect, it } from "vitest";
import { call, calling } from "../../fakes/fake-model.ts";
import { folderSession } from "../../fakes/folder-session.ts";
import { gitRepository } from "./tools/tools-world.ts";
import { ASSIGNMENT, edit, run, workWith } from "./worker-world.ts";

const GREEN = "test -f src/a";
const done = (proof?: string) =>
  calling(call("finish", { summary: "Done.", ...(proof !== undefined && { proof }) }));
const withCheck = {
  item: { ...ASSIGNMENT.item, acceptance: { name: "own", command: GREEN } },
};

describe("the command that a worker names as proof", () => {
  it("counts where it ran after the last edit and ended with exit code 0", async () => {
    await using session = await folderSession();
    const replies = [calling(edit("src/a", "", "x"), run(GREEN)), done(GREEN)];
    const { result } = workWith(replies, { session });

    expect(await result).toMatchObject({
      kind: "finished",
      proofs: [{ command: GREEN, proved: true }],
      usage: { calls: 2 },
    });
  });

  it.each([
    ["was not run", [], "it was not run"],
    ["was red", [run("exit 1")], "it was not run"],
    [
      "ran before the last edit",
      [run("true"), edit("src/b", "", "x")],
      "files were changed after it ran",
    ],
    [
      "ran before the last removal",
      [edit("src/b", "", "x"), run("true"), call("delete", { path: "src/b" })],
      "files were changed after it ran",
    ],
    [
      "ran before the last move",
      [edit("src/b", "", "x"), run("true"), call("rename", { from: "src/b", to: "src/c" })],
      "files were changed after it ran",
    ],
    [
      "ran before a command that changed a file",
      [edit("src/b", "", "x"), run("true"), run("sed -i s/x/y/ src/b")],
      "files were changed after it ran",
    ],
    [
      "ran before a command that made a link of a file",
      [edit("src/b", "", "x"), run("true"), run("mv src/b src/c && ln -s c src/b")],
      "files were changed after it ran",
    ],
    [
      "ran before a command that made a program of a file",
      [edit("src/b", "", "x"), run("true"), run("chmod +x src/b")],
      "files were changed after it ran",
    ],
    [
      "ran before a red command that changed a file",
      [edit("src/b", "", "x"), run("true"), run("rm src/b; exit 1")],
      "files were changed after it ran",
    ],
    [
      "ran before a command that changed a file and put it back",
      [edit("src/b", "", "x"), run("true"), run("echo y > src/b; printf x > src/b")],
      "files were changed after it ran",
    ],
    ["ran in other words", [run("true;")], "it was not run"],
    ["was refused", [run("curl https://example.org && true")], "it was not run"],
  ])("is asked for once and then recorded as not proved where it %s", async (_, calls, why) => {
    await using session = await folderSession();
    const replies = [...(calls.length > 0 ? [calling(...calls)] : []), done("true"), done("true")];
    const { result, saved } = workWith(replies, { session });

    expect(await result).toMatchObject({
      kind: "finished",
      summary: "Done.",
      proofs: [{ command: "true", proved: false }],
    });
    const refused = saved.at(-2)?.calls[0];
    expect(refused?.kind).toBe("failed");
    expect(refused?.result).toContain(`- true: ${why}`);
  });

  it.each([
    ["looked only", [run("cat src/*")]],
    ["was red and changed nothing", [run("exit 1")]],
  ])("still counts after a command that %s", async (_, calls) => {
    await using session = await folderSession();
    const replies = [calling(edit("src/b", "", "x"), run("test -f src/b"), ...calls)];
    const { result } = workWith([...replies, done("test -f src/b")], { session });

    expect(await result).toMatchObject({ proofs: [{ proved: true }], usage: { calls: 2 } });
  });

  it("counts by what git would carry: what is ignored may come and go", async () => {
    await using session = await folderSession({ "src/a": "x", ".gitignore": "out" });
    await gitRepository(session);
    const replies = [calling(run("touch 'src/n\new'; test -f src/a"), run("echo 1 > out"))];
    const { result } = workWith([...replies, done("touch 'src/n\new'; test -f src/a")], {
      session,
    });

    expect(await result).toMatchObject({ proofs: [{ proved: true }], usage: { calls: 2 } });
  });

  it.each([
    ["git restore src/a", "what was changed before is taken back"],
    ["git commit -qam x; git checkout -q HEAD~1", "another commit is checked out"],
    ["rm -rf .git; echo z > src/a", "git is gone"],
    ["echo bad > .git/index; echo z > src/a", "git cannot read its own files"],
  ])("does not count after %s, by which %s", async (command) => {
    await using session = await folderSession({ "src/a": "x" });
    await gitRepository(session);
    const git = "git config user.name a; git config user.email b";
    const calls = [edit("src/a", "x", "y"), run(`${git}; true`), run(command)];
    const replies = [calling(...calls), done(`${git}; true`), done(`${git}; true`)];
    const { result } = workWith(replies, { session });

    expect(await result).toMatchObject({ proofs: [{ proved: false }] });
  });

  it.each([
    ["changed and put back", "echo y > src/b; printf x > src/b", true],
    ["changed", "printf y > src/b", false],
    ["made a program", "chmod +x src/b", false],
    ["made a link", "rm src/b; ln -s a src/b", false],
  ])(
    "goes by what is in the files where their clock is coarse: a file is %s",
    async (_, command, proved) => {
      await using session = await folderSession({ "src/a": "a" });
      const coarse = {
        ...session,
        run: async (...[command, options]: Parameters<typeof session.run>) => {
          const [shell = "", flag = "", text = "", ...rest] = command;
          return await session.run([shell, flag, `stat() { false; }\n${text}`, ...rest], options);
        },
      };
      const replies = [calling(edit("src/b", "", "x"), run("true"), run(command))];
      const { result } = workWith([...replies, done("true"), done("true")], { session: coarse });

      expect(await result).toMatchObject({ proofs: [{ command: "true", proved }] });
    },
  );

  it("does not count where nobody can tell whether files were changed", async () => {
    await using session = await folderSession({ "src/a": "x" });
    const blind = {
      ...session,
      run: async (...[command, options]: Parameters<typeof session.run>) => {
        const result = await session.run(command, options);
        return command[2]?.includes("sha1sum") ? { ...result, ending: "timeout" as const } : result;
      },
    };
    const { result, saved } = workWith([calling(run("true")), done("true"), done("true")], {
      session: blind,
    });

    expect(await result).toMatchObject({ proofs: [{ command: "true", proved: false }] });
    expect(saved[1]?.calls[0]?.result).toContain("nobody can tell");
  });

  it("does not wait for what a link leads to", async () => {
    await using session = await folderSession({ "src/a": "x" });
    const replies = [calling(run("ln -s /dev/zero src/z; ln -s . src/loop"), run("true"))];
    const { result } = workWith([...replies, done("true")], { session });

    expect(await result).toMatchObject({ proofs: [{ proved: true }] });
  });

  it("that ended red is not taken for green", async () => {
    await using session = await folderSession();
    const replies = [calling(run("exit 3")), done("exit 3"), done("exit 3")];
    const { result, saved } = workWith(replies, { session });

    expect(await result).toMatchObject({ proofs: [{ command: "exit 3", proved: false }] });
    expect(saved[1]?.calls[0]?.result).toContain("it did not end with exit code 0");
  });

  it("counts by its last run", async () => {
    await using session = await folderSession({ "src/a": "" });
    const last = [
      calling(run(GREEN)),
      calling(run("rm src/a"), run(GREEN)),
      done(GREEN),
      done(GREEN),
    ];
    const { result } = workWith(last, { session });

    expect(await result).toMatchObject({ proofs: [{ command: GREEN, proved: false }] });
  });

  it("may be left out, and nothing is proved then", async () => {
    await using session = await folderSession();
    const { result } = workWith([done()], { session });

    expect(await result).toMatchObject({ kind: "finished", proofs: [] });
  });

  it("is not insisted on in a dry run, in which nothing runs", async () => {
    await using session = await folderSession();
    const written: string[] = [];
    const commands = { deny: [], record: (command: string) => void written.push(command) };
    const replies = [calling(run(GREEN)), done(GREEN)];
    const { result } = workWith(replies, { session, assignment: withCheck, commands });

    expect(await result).toMatchObject({ proofs: [{ command: GREEN, proved: false }] });
    expect(written).toEqual([GREEN]);
  });
});

describe("the check of a work item", () => {
  it("is told of once where it did not run green, whatever else is named", async () => {
    await using session = await folderSession();
    const replies = [
      calling(run("true")),
      done("true"),
      calling(edit("src/a", "", "x"), run(GREEN)),
      done(),
    ];
    const { result, saved } = workWith(replies, { session, assignment: withCheck });

    expect(await result).toMatchObject({ proofs: [{ command: GREEN, proved: true }] });
    expect(saved[1]?.calls[0]?.result).toContain(`- ${GREEN}: it was not run`);
  });

  it("and the named command are one where they are the same", async () => {
    await using session = await folderSession({ "src/a": "" });
    const replies = [calling(run(` ${GREEN}`)), done(`${GREEN} `)];
    const { result } = workWith(replies, { session, assignment: withCheck });

    expect(await result).toMatchObject({ proofs: [{ command: GREEN, proved: true }] });
  });

  it("does not keep a worker that cannot make it green from ending", async () => {
    await using session = await folderSession();
    const { result } = workWith([done(), done("false")], { session, assignment: withCheck });

    expect(await result).toMatchObject({
      kind: "finished",
      proofs: [
        { command: GREEN, proved: false },
        { command: "false", proved: false },
      ],
    });
  });
});
