import { describe, expect, it } from "vitest";
import { call, calling } from "../../fakes/fake-model.ts";
import { folderSession } from "../../fakes/folder-session.ts";
import { edit, expectSound, finish, run, workWith } from "./worker-world.ts";

describe("a worker that gets nowhere is stopped", () => {
  it("after three replies in a row that cannot be understood", async () => {
    await using session = await folderSession();
    const { result } = workWith(() => calling(call("edit", "{")), { session });

    expect(await result).toMatchObject({
      kind: "gave-up",
      code: "malformed",
      reason: expect.stringContaining("not JSON"),
      usage: { calls: 3 },
    });
  });

  it("after three replies in a row that were cut off", async () => {
    await using session = await folderSession();
    const { result } = workWith(() => ({ ...finish(), stop: "length" }), { session });

    const ended = await result;

    expect(ended).toMatchObject({ kind: "gave-up", code: "malformed", usage: { calls: 3 } });
    expect(ended.steps[0]?.calls[0]?.kind).toBe("not-run");
  });

  it("but not while there are useful calls between", async () => {
    await using session = await folderSession();
    const bad = calling(call("edit", "{"));
    const replies = [bad, bad, calling(run("true")), bad, {}, bad, calling(run("date")), finish()];
    const { result } = workWith(replies, { session });

    expect((await result).kind).toBe("finished");
  });

  it("after two reminders to call a tool", async () => {
    await using session = await folderSession();
    const { result, model } = workWith(() => ({ text: "All done!" }), { session });

    expect(await result).toMatchObject({ kind: "gave-up", code: "no-call", usage: { calls: 3 } });
    const reminders = model.requests[2]?.messages.filter(({ text }) => text.includes("no tool"));
    expect(reminders).toHaveLength(2);
  });

  it("when it makes the same call with the same result six times, after it was told at four", async () => {
    await using session = await folderSession();
    const { result, saved } = workWith(() => calling(run("echo same")), { session });

    expect(await result).toMatchObject({ kind: "gave-up", code: "looping", usage: { calls: 6 } });
    const notices = saved.map(
      ({ calls }) => /made this call (\d)/.exec(calls[0]?.result ?? "")?.[1],
    );
    expect(notices).toEqual([undefined, undefined, undefined, "4", "5", "6"]);
  });

  it("also when it goes round in a circle of calls", async () => {
    await using session = await folderSession();
    const { result } = workWith((_, turn) => calling(run(`echo ${turn % 3}`)), { session });

    expect(await result).toMatchObject({ code: "looping", usage: { calls: 16 } });
  });

  it("but may run its tests again after every change", async () => {
    await using session = await folderSession();
    const rounds = Array.from({ length: 8 }, (_, i) =>
      calling(edit(`src/f${i}`, "", "x"), run("exit 1")),
    );
    const { result } = workWith([...rounds, finish()], { session });

    expect((await result).kind).toBe("finished");
  });

  it("after forty steps", async () => {
    await using session = await folderSession();
    const { result } = workWith((_, turn) => calling(run(`echo ${turn}`)), { session });

    const ended = await result;

    expect(ended).toMatchObject({
      kind: "gave-up",
      code: "too-many-steps",
      usage: { calls: 40, input: 400, cachedInput: 0, output: 200 },
    });
    expect(ended.steps).toHaveLength(40);
  });

  it("after as many steps as it is given", async () => {
    await using session = await folderSession();
    const limits = { maxSteps: 2 };
    const { result } = workWith((_, turn) => calling(run(`echo ${turn}`)), { session, limits });

    expect(await result).toMatchObject({ code: "too-many-steps", usage: { calls: 2 } });
  });

  it("also when it makes a change, undoes it and makes it again", async () => {
    await using session = await folderSession({ "src/a": "off" });
    const { result, saved } = workWith(
      (_, turn) =>
        calling(
          turn % 2 === 0 ? edit("src/a", "off", "on") : edit("src/a", "on", "off"),
          run("exit 1"),
        ),
      { session },
    );

    expect(await result).toMatchObject({ kind: "gave-up", code: "looping" });
    const told = saved.findIndex(({ calls }) =>
      calls[0]?.result.includes("made this call 4 times"),
    );
    expect(told).toBe(7);
    expect(saved).toHaveLength(12);
  });

  it("but not while commands change files between the same calls", async () => {
    await using session = await folderSession({ "src/a": "0" });
    const { result } = workWith(
      (_, turn) =>
        turn < 12 ? calling(run(`sed -i s/${turn}/${turn + 1}/ src/a`), run("true")) : finish(),
      { session },
    );

    expect((await result).kind).toBe("finished");
  });

  it("also when a command makes the same change again and again", async () => {
    await using session = await folderSession({ "src/a": "0" });
    const { result, saved } = workWith(() => calling(run("echo x >> src/a")), { session });

    expect(await result).toMatchObject({ kind: "gave-up", code: "looping" });
    expect(saved.length).toBeLessThan(10);
  });

  it("but may make many different changes with the same tests between", async () => {
    await using session = await folderSession({ "src/a": "0" });
    const { result } = workWith(
      (_, turn) =>
        turn < 20 ? calling(edit("src/a", `${turn}`, `${turn + 1}`), run("exit 1")) : finish(),
      { session },
    );

    expect((await result).kind).toBe("finished");
  });

  it("after fourteen steps without a change or anything new, told once after eight", async () => {
    await using session = await folderSession({ "src/a": "x" });
    const { result, model, saved } = workWith(
      (_, turn) => calling(edit("src/a", `nothing ${turn}`, "y")),
      { session },
    );

    expect(await result).toMatchObject({
      kind: "gave-up",
      code: "stuck",
      reason: "The worker changed no file and saw nothing new for 14 steps.",
    });
    expect(saved).toHaveLength(14);
    const told = model.requests
      .at(-1)
      ?.messages.filter(({ text }) => text.startsWith("For several steps"));
    expect(told).toHaveLength(1);
    expect(model.requests[8]?.messages.at(-1)?.text).toMatch(/^For several steps/);
    expectSound(model);
  });

  it("but not while each step shows something new", async () => {
    await using session = await folderSession({ "src/a": "x\n".repeat(100) });
    const { result } = workWith(
      (_, turn) =>
        turn < 30
          ? calling(call("read", { path: "src/a", from: turn + 1, to: turn + 1 }))
          : finish(),
      { session },
    );

    expect((await result).kind).toBe("finished");
  });

  it("after as many tokens as it may use, with what its calls were", async () => {
    await using session = await folderSession();
    const limits = { maxTokens: 45 };
    const { result } = workWith((_, turn) => calling(run(`echo ${turn}`)), { session, limits });

    expect(await result).toMatchObject({
      kind: "gave-up",
      code: "too-many-tokens",
      reason: "The work item was not finished after 45 tokens of the 45 that it may use.",
      usage: { calls: 3 },
    });
  });

  it("after as many minutes as it may take, by the clock it is given", async () => {
    await using session = await folderSession();
    let time = 5_000_000;
    const { result } = workWith(
      (_, turn) => {
        time += 40_000;
        return calling(run(`echo ${turn}`));
      },
      { session, limits: { maxMs: 90_000 }, now: () => time },
    );

    expect(await result).toMatchObject({
      kind: "gave-up",
      code: "too-long",
      reason: "The work item was not finished after 1.5 minutes.",
      usage: { calls: 3 },
    });
  });

  it("never after it has finished, whatever it has used", async () => {
    await using session = await folderSession();
    const limits = { maxSteps: 1, maxTokens: 1, maxMs: 1 };
    const { result } = workWith([finish()], { session, limits, now: () => 10 });

    expect((await result).kind).toBe("finished");
  });
});
