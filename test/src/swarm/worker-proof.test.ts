import { describe, expect, it } from "vitest";
import { call, calling } from "../../fakes/fake-model.ts";
import { folderSession } from "../../fakes/folder-session.ts";
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
