import { describe, expect, it } from "vitest";
import { NexusError } from "../../../src/core/errors.ts";
import type { OpenPlatform, Permission, Platform } from "../../../src/core/platform.ts";
import type { Task } from "../../../src/core/task.ts";
import { takeIn } from "../../../src/pipeline/take-in.ts";
import { sampleTask } from "../../contracts/samples.ts";
import { memoryLedger } from "../../fakes/memory-ledger.ts";
import { createMemoryRecord } from "../../fakes/memory-record.ts";

/** An inbox with these deliveries, a clock to be moved by hand, and a GitHub that answers as told. */
async function world(...ids: readonly string[]) {
  let now = 1_000_000;
  const record = createMemoryRecord(() => now);
  for (const id of ids) await record.inbox.receive(sampleTask(id));
  const asked: string[] = [];
  const troubles: string[] = [];
  const round = (answer: (task: Task) => Permission | Error) => {
    const open: OpenPlatform = async (at) => {
      const task = at as Task; // the task at hand is what is opened for
      const permission = async () => {
        asked.push(task.id);
        const said = answer(task);
        if (said instanceof Error) throw said;
        return said;
      };
      return { permission } as unknown as Platform; // nothing else is asked
    };
    return takeIn({
      ...record,
      ledger: memoryLedger(),
      open,
      onTrouble: ({ id }) => troubles.push(id),
    });
  };
  const pass = (ms: number) => {
    now += ms;
  };
  return { ...record, round, pass, asked, troubles };
}

const gone = new NexusError("github.unreachable", "gone", { retryable: true });
const stranger = new NexusError("github.refused", "401", { retryable: true });

describe("a delivery that cannot be decided", () => {
  it.each([
    ["GitHub is away", gone],
    ["our own key is not accepted", stranger],
    ["something nobody understands happened", new TypeError("x is not a function")],
  ])("because %s is kept, and asked about at growing distance", async (_name, error) => {
    const { round, pass, asked, tasks, refusal, troubles } = await world("a");

    for (const seconds of [1, 2, 4, 8]) {
      await round(() => error);
      await round(() => error);
      pass(seconds * 1_000);
    }
    expect(asked).toHaveLength(4);
    expect(troubles).toHaveLength(4);
    await round(() => "write");

    expect(refusal("a")).toBeUndefined();
    expect(await tasks.find("a")).toMatchObject({ state: "waiting" });
  });

  it("waits as long as GitHub asks for, and an hour at most", async () => {
    const limited = (retryAfterMs: number) =>
      new NexusError("github.rate-limited", "slow down", { retryable: true, retryAfterMs });
    const { round, pass, asked } = await world("a", "b");

    await round(({ id }) => limited(id === "a" ? 90_000 : 1e12));
    pass(89_999);
    await round(() => "write");
    expect(asked).toEqual(["a", "b"]);
    pass(1);
    await round(() => "write");
    expect(asked).toEqual(["a", "b", "a"]);
    pass(3_600_000 - 90_000);
    await round(() => "write");

    expect(asked).toEqual(["a", "b", "a", "b"]);
  });

  it("stands in nobody's way, however many there are", async () => {
    const stuck = Array.from({ length: 60 }, (_, i) => `stuck-${i}`);
    const { round, tasks } = await world(...stuck, "fresh");
    const answer = ({ id }: Task) => (id === "fresh" ? "write" : gone);

    await round(answer);
    await round(answer);

    expect(await tasks.find("fresh")).toMatchObject({ state: "waiting" });
  });

  it("ever, because GitHub refuses it for good, is refused", async () => {
    const { round, refusal } = await world("a");

    await round(() => new NexusError("github.refused", "404"));

    expect(refusal("a")).toBe("github.refused");
  });
});
