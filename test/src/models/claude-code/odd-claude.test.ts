import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ClaudeScenario } from "../../../world/model/claude-folder.ts";
import { claudeStream } from "../../../world/model/claude-stream.ts";
import { until } from "../../../world/until.ts";
import { claudeForEachTest, isRunning, untilGone } from "./claude-world.ts";

const { ask, seen, path } = claudeForEachTest();

describe("a Claude Code that behaves oddly", () => {
  it.each<[string, ClaudeScenario, string]>([
    ["says nothing", {}, "model.malformed"],
    ["says nothing and fails", { exitCode: 3 }, "model.malformed"],
    [
      "writes garbage",
      { lines: ["{broken", "null", "7", "[]", "\u0000", '{"type":"result"'] },
      "model.malformed",
    ],
    ["stops before its result", { lines: claudeStream("half").slice(0, -1) }, "model.malformed"],
    ["has an odd result", { lines: ['{"type":"result","result":{"a":1}}'] }, "model.overloaded"],
    ["fails with words", { stderr: "Invalid API key", exitCode: 1 }, "model.auth"],
    ["writes without end", { flood: 40 * 1024 * 1024, hangs: true }, "model.malformed"],
  ])("%s: no reply", async (_, scenario, code) => {
    const { reply } = await ask(scenario);

    await expect(reply).rejects.toMatchObject({ name: "NexusError", code });
    await untilGone((await seen()).pid);
  });

  it("passes over lines that are no events", async () => {
    const { reply } = await ask({ lines: ["warning: old", "{}", "", ...claudeStream("ok")] });

    expect((await reply).text).toBe("ok");
  });

  it("is a reply whatever its exit code is, once the result is there", async () => {
    const { reply } = await ask({ lines: claudeStream("ok"), exitCode: 1 });

    expect((await reply).text).toBe("ok");
  });

  it("is ended when it does not end after its result", async () => {
    const { reply } = await ask({ lines: claudeStream("ok"), hangs: true });

    expect((await reply).text).toBe("ok");
    await untilGone((await seen()).pid);
  });

  it.each<[string, ClaudeScenario]>([
    ["with a result", { lines: claudeStream("ok") }],
    ["without one", {}],
  ])("leaves no child, %s", async (_, scenario) => {
    const { reply } = await ask({ ...scenario, leavesChild: true });

    await reply.catch(() => {});

    const { child } = await seen();
    expect(child).toBeGreaterThan(0);
    await untilGone(child);
  });

  it("counts as lost when it is silent", async () => {
    const { reply } = await ask({ hangs: true }, { bounds: { idleMs: 1_500 } });

    await expect(reply).rejects.toMatchObject({ code: "model.timeout", retryable: true });
  });

  it("is ended with its children when it is stopped", async () => {
    const stop = new AbortController();
    const lines = claudeStream("half").slice(0, 4);
    const { reply, events } = await ask(
      { lines, hangs: true, leavesChild: true },
      { signal: stop.signal },
    );
    await until(() => events.length > 0, { what: "its first words" });
    const { pid, child, cwd } = await seen();
    expect(isRunning(pid)).toBe(true);

    stop.abort();

    await expect(reply).rejects.toMatchObject({ code: "aborted" });
    await untilGone(pid);
    await untilGone(child);
    expect(() => readdirSync(cwd)).toThrow("ENOENT");
  });

  it("is not started when it was stopped before", async () => {
    const { reply } = await ask({ lines: claudeStream("ok") }, { signal: AbortSignal.abort() });

    await expect(reply).rejects.toMatchObject({ code: "aborted" });
    await expect(seen()).rejects.toThrow("ENOENT");
  });

  it("is told to be missing where it is not installed", async () => {
    const { reply } = await ask({}, { claude: { program: join(path(), "not-here") } });

    await expect(reply).rejects.toMatchObject({ code: "model.missing", retryable: false });
  });
});
