import { describe, expect, it } from "vitest";
import type { EffectWish } from "../../../src/core/effect.ts";
import { publisherWorld, repo } from "./publisher-world.ts";

const comments = /\/comments$/;

async function start() {
  const all = await publisherWorld();
  const wish = (body: string, marker = "task-1/status"): EffectWish => ({
    kind: "comment",
    issue: all.issue,
    marker,
    body,
  });
  return { ...all, wish };
}

describe("a comment", () => {
  it("is made with its marker hidden on the first line, and read back", async () => {
    const { world, issue, perform, wish, asked } = await start();

    const result = await perform(wish("Working on it."));

    expect(await world.comments(repo, issue)).toMatchObject([
      { author: "nexus[bot]", body: "<!-- nexus:task-1/status -->\nWorking on it." },
    ]);
    const [made] = await world.comments(repo, issue);
    expect(result).toEqual({
      kind: "comment",
      id: made?.id,
      url: expect.stringMatching(`/ada/sums/issues/${issue}#issuecomment-${made?.id}$`),
      shownAt: made?.updatedAt,
    });
    expect(asked("GET", new RegExp(`/comments/${made?.id}$`))).toHaveLength(1);
    expect(world.violations).toEqual([]);
  });

  it("is edited in place, and left alone when it says the same", async () => {
    const { world, issue, perform, wish, asked } = await start();
    const first = await perform(wish("one"));

    const second = await perform(wish("two"));
    const third = await perform(wish("two"));

    const same = { ...first, shownAt: expect.any(String) };
    expect([second, third]).toEqual([same, same]);
    expect(await world.comments(repo, issue)).toMatchObject([
      { body: "<!-- nexus:task-1/status -->\ntwo" },
    ]);
    expect(asked("PATCH", /./)).toHaveLength(1);
  });

  it("is a comment of its own for each marker", async () => {
    const { world, issue, perform, wish } = await start();

    await perform(wish("one", "task-1/status"));
    await perform(wish("two", "task-1/stat"));

    expect(await world.comments(repo, issue)).toHaveLength(2);
  });

  it.each([
    ["a person", false],
    ["another app", true],
  ])("is not the comment that %s wrote with our marker", async (_name, bot) => {
    const { world, issue, perform, wish } = await start();
    const body = "<!-- nexus:task-1/status -->\nmine";
    await world.comment(repo, issue, { by: "mallory", body, bot });

    await perform(wish("ours"));

    expect((await world.comments(repo, issue)).map((one) => one.body)).toEqual([
      body,
      "<!-- nexus:task-1/status -->\nours",
    ]);
  });

  it("is not our own comment that only quotes the marker", async () => {
    const { world, issue, perform, wish } = await start();
    await perform(wish("I saw\n<!-- nexus:task-2/status -->\nsomewhere"));

    await perform(wish("two", "task-2/status"));

    expect(await world.comments(repo, issue)).toHaveLength(2);
  });

  it("is found behind a hundred others", async () => {
    const { world, issue, perform, wish } = await start();
    for (let n = 0; n < 120; n += 1) await world.comment(repo, issue, { by: "ada", body: `${n}` });
    const first = await perform(wish("one"));

    expect(await perform(wish("two"))).toEqual(first);
    expect(await world.comments(repo, issue)).toHaveLength(121);
  });

  it("is cut, and says so, when it is longer than GitHub takes", async () => {
    const { world, issue, perform, wish, asked } = await start();

    await perform(wish("🙂".repeat(60_000)));
    await perform(wish("🙂".repeat(60_000)));

    const body = (await world.comments(repo, issue))[0]?.body ?? "";
    expect(body.length).toBeLessThanOrEqual(65_000);
    expect(body.endsWith("🙂\n\n… (shortened)") || body.endsWith("\uFFFD\n\n… (shortened)")).toBe(
      true,
    );
    expect(asked("PATCH", /./)).toHaveLength(0);
  });

  it.each(["</p>\r\n--> <!-- x", '"},{"body":"x"', "\uD800", "a\0b", "@ada #1 \u001b[2J", ""])(
    "carries %j as text only",
    async (body) => {
      const { world, issue, perform, wish, asked } = await start();

      await perform(wish(body));
      await perform(wish(body));

      expect(await world.comments(repo, issue)).toHaveLength(1);
      expect(asked("PATCH", /./)).toHaveLength(0);
    },
  );

  it.each(["", "a b", "x --> y", "a\nb", "ü", "x".repeat(201)])(
    "refuses the marker %j",
    async (marker) => {
      const { perform, wish } = await start();

      await expect(perform(wish("x", marker))).rejects.toMatchObject({
        code: "github.refused",
        retryable: false,
      });
    },
  );

  it.each([
    ["the connection breaks", undefined],
    ["GitHub answers 500", 500],
    ["GitHub answers 502", 502],
  ])("is there once when %s after it was written", async (_name, status) => {
    const { world, issue, perform, wish } = await start();
    world.fault({
      match: { method: "POST", path: comments },
      kind: "after",
      ...(status ? { status } : {}),
    });

    await expect(perform(wish("one"))).rejects.toMatchObject({
      code: "github.unreachable",
      retryable: true,
    });
    const result = await perform(wish("one"));

    expect(await world.comments(repo, issue)).toHaveLength(1);
    expect(result).toMatchObject({ kind: "comment" });
  });

  it("is refused for good where the issue is gone", async () => {
    const { perform, wish } = await start();

    const performing = perform({ ...wish("x"), issue: 999 } as EffectWish);

    await expect(performing).rejects.toMatchObject({ code: "github.refused", retryable: false });
  });

  it("is stopped when the publisher is", async () => {
    const { world, issue, perform, wish } = await start();
    const stop = new AbortController();
    world.fault({ match: { method: "GET", path: comments }, kind: "delay", ms: 60_000 });
    const performing = perform(wish("x"), undefined, stop.signal);
    setTimeout(() => stop.abort(), 300);

    await expect(performing).rejects.toMatchObject({ code: "aborted" });
    await expect(perform(wish("x"), undefined, AbortSignal.abort())).rejects.toMatchObject({
      code: "aborted",
    });
    expect(await world.comments(repo, issue)).toEqual([]);
  });
});

describe("a reaction", () => {
  it("is ours once, whatever others think", async () => {
    const { world, issue, perform } = await start();
    const { commentId } = await world.comment(repo, issue, { by: "ada", body: "/nexus" });
    const wish = { kind: "reaction", commentId, content: "eyes" } as const;

    const first = await perform(wish);
    const second = await perform(wish);
    await perform({ ...wish, content: "+1" });

    expect(second).toEqual(first);
    expect(first).toEqual({ kind: "reaction", id: expect.any(Number) });
    expect(await world.reactions(repo, commentId)).toEqual([
      { user: "nexus[bot]", content: "eyes" },
      { user: "nexus[bot]", content: "+1" },
    ]);
    expect(world.violations).toEqual([]);
  });

  it("is refused for good when the comment was deleted", async () => {
    const { perform } = await start();

    const performing = perform({ kind: "reaction", commentId: 12345, content: "eyes" });

    await expect(performing).rejects.toMatchObject({ code: "github.refused", retryable: false });
  });
});
