import { describe, expect, it } from "vitest";
import type { EffectWish } from "../../../src/core/effect.ts";
import { publisherWorld, repo } from "./publisher-world.ts";

async function start() {
  const all = await publisherWorld();
  const wish = (more: Partial<Extract<EffectWish, { kind: "check-run" }>> = {}): EffectWish => ({
    kind: "check-run",
    head: all.sha,
    name: "Nexus",
    conclusion: "success",
    title: "Green",
    summary: "All ran.",
    externalId: "task-1/evidence",
    ...more,
  });
  return { ...all, wish };
}

describe("a check run", () => {
  it("is completed on the commit and read back", async () => {
    const { world, perform, wish, sha } = await start();

    const result = await perform(wish());

    const [made] = await world.checkRuns(repo, sha);
    expect(made).toMatchObject({
      name: "Nexus",
      status: "completed",
      conclusion: "success",
      externalId: "task-1/evidence",
      title: "Green",
      summary: "All ran.",
    });
    expect(result).toEqual({
      kind: "check-run",
      id: made?.id,
      url: expect.stringContaining(`${made?.id}`),
    });
    expect(world.violations).toEqual([]);
  });

  it("is brought up to date, and left alone when it says the same", async () => {
    const { world, perform, wish, sha, asked } = await start();
    const first = await perform(wish());

    const second = await perform(wish({ conclusion: "failure", title: "Red" }));
    await perform(wish({ conclusion: "failure", title: "Red" }));

    expect(second).toEqual(first);
    expect(await world.checkRuns(repo, sha)).toMatchObject([
      { conclusion: "failure", title: "Red" },
    ]);
    expect(asked("PATCH", /./)).toHaveLength(1);
  });

  it("is another one for another task", async () => {
    const { world, perform, wish, sha } = await start();
    await perform(wish());

    await perform(wish({ externalId: "task-2/evidence" }));

    expect(await world.checkRuns(repo, sha)).toHaveLength(2);
  });

  it("is there once when the answer is lost", async () => {
    const { world, perform, wish, sha } = await start();
    world.fault({ match: { method: "POST", path: /\/check-runs$/ }, kind: "after" });

    await expect(perform(wish())).rejects.toMatchObject({
      code: "github.unreachable",
      retryable: true,
    });
    await perform(wish());

    expect(await world.checkRuns(repo, sha)).toHaveLength(1);
  });

  it("is refused for good on a commit that is not there", async () => {
    const { perform, wish } = await start();

    await expect(perform(wish({ head: "a".repeat(40) }))).rejects.toMatchObject({
      code: "github.refused",
    });
  });
});
