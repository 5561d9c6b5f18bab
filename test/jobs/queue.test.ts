import { describe, expect, it } from "vitest";
import { until } from "../world/until.ts";
import { rawQueue, withQueue, worker } from "./queue-world.ts";

describe("a job", () => {
  it("reaches a worker with its task's id", async () => {
    const { redis, queue } = await withQueue();
    const { done } = worker(redis);

    await queue.add({ taskId: "72d3162e-cc78", epoch: 0 });

    await until(() => done.length > 0, { what: "the job to be done" });
    expect(done).toEqual(["72d3162e-cc78"]);
  });

  it("added twice for one lease is one, and one more for the next epoch", async () => {
    const { redis, queue } = await withQueue();

    for (const epoch of [1, 1, 1, 2]) await queue.add({ taskId: "t", epoch });
    await Promise.all([1, 2].map((epoch) => queue.add({ taskId: "t", epoch })));

    const waiting = await rawQueue(redis).getWaiting();
    expect(new Set(waiting.map(({ id }) => id))).toEqual(new Set(["t-t-1", "t-t-2"]));
    expect(waiting).toHaveLength(2);
  });

  it("carries nothing but the task's id", async () => {
    const { redis, queue } = await withQueue();

    await queue.add({ taskId: "t", epoch: 1 });

    const [job] = await rawQueue(redis).getWaiting();
    expect(job?.data).toEqual({ taskId: "t" });
  });

  it("leaves nothing behind when it is over, however it ended", async () => {
    const { redis, queue } = await withQueue();
    const { done } = worker(redis, async (id) => {
      if (id === "bad") throw new Error("failed");
    });

    await queue.add({ taskId: "bad", epoch: 1 });
    await queue.add({ taskId: "good", epoch: 1 });

    const raw = rawQueue(redis);
    await until(async () => done.length === 1 && (await raw.getJobCountByTypes()) === 0, {
      what: "the queue to be empty",
    });
    expect(done).toEqual(["good"]);
  });

  it.each([
    ["nothing", {}],
    ["an empty id", { taskId: "" }],
    ["a number", { taskId: 5 }],
    ["more than an id", { taskId: "t", command: "rm" }],
    ["a list", ["t"]],
  ])("that carries %s fails and is not worked on", async (_name, data) => {
    const { redis, queue } = await withQueue();
    const { done, lines } = worker(redis);

    await rawQueue(redis).add("task", data);
    await queue.add({ taskId: "next", epoch: 1 });

    await until(() => done.length > 0, { what: "the next job to be done" });
    expect(done).toEqual(["next"]);
    await until(() => lines.join("").includes("carries no task id"), { what: "the reason" });
  });

  it("waits where all hands are full", async () => {
    const { redis, queue } = await withQueue();
    const hold = Promise.withResolvers<void>();
    const started: string[] = [];
    const { done } = worker(redis, async (id) => {
      started.push(id);
      if (id !== "c") await hold.promise;
    });

    for (const taskId of ["a", "b", "c"]) await queue.add({ taskId, epoch: 1 });
    await until(() => started.length === 2, { what: "two jobs to be started" });
    const before = [...started];
    hold.resolve();
    await until(() => done.length === 3, { what: "all to be done" });

    expect(before.toSorted()).toEqual(["a", "b"]);
  });
});
