import { expect, it } from "vitest";
import { openModel } from "../../../../src/models/open-model.ts";

it("runs no Claude Code that nobody set up, and says what it would mean", () => {
  const opening = () => openModel({ provider: "claude-code", model: "sonnet", timeoutMs: 1000 });

  expect(opening).toThrow(
    expect.objectContaining({
      code: "config.invalid",
      hint: expect.stringContaining("nobody but you"),
    }),
  );
});

it("opens a Claude Code that its user set up", () => {
  const claude = { program: "/usr/bin/claude", isOnlyMine: true, maxDollars: 1 };

  const model = openModel({ provider: "claude-code", model: "sonnet", timeoutMs: 1000, claude });

  expect(model.name).toBe("sonnet");
});
