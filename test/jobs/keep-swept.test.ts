import { describe, expect, it } from "vitest";
import { keepSwept } from "../../jobs/keep-swept.ts";
import { logLines } from "../world/log-lines.ts";
import { until } from "../world/until.ts";

describe("a worker's sweep", () => {
  it("is done once before anything else is", async () => {
    const { log } = logLines();
    let swept = 0;
    const sweep = async () => {
      await new Promise(setImmediate);
      swept += 1;
    };

    await using _kept = await keepSwept({ log, pauseMs: 600_000, sweep });

    expect(swept).toBe(1);
  });

  it("that fails at first is told, keeps nobody from working, and is tried again", async () => {
    const { log, lines } = logLines();
    let tries = 0;
    const sweep = async () => {
      tries += 1;
      if (tries === 1) throw new Error("the engine hiccups");
    };

    await using _kept = await keepSwept({ log, pauseMs: 1, sweep });

    await until(() => tries >= 2, { what: "the next sweep" });
    expect(lines.join("")).toContain("the engine hiccups");
  });
});
