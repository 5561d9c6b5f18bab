import { describe, expect, it } from "vitest";
import { NexusError } from "../../../src/core/errors.ts";
import { Outcome } from "../../../src/core/outcome.ts";
import { outcomeOfError } from "../../../src/pipeline/outcome-of-error.ts";

const later = { retryable: true };

describe("an error that is an answer to a person", () => {
  it.each([
    [
      new NexusError("git.failed", "broken", { hint: "Look." }),
      { kind: "failed", code: "git.failed", reason: "broken", hint: "Look." },
    ],
    [
      new NexusError("github.refused", "no"),
      { kind: "failed", code: "github.refused", reason: "no" },
    ],
    [
      new NexusError("sandbox.refused-path", "two", {
        paths: [
          { path: ".git/config", why: "a name spells git's own folder" },
          { path: "pipe", why: "a FIFO, not a file" },
        ],
      }),
      {
        kind: "paths-refused",
        paths: [
          { path: ".git/config", why: "a name spells git's own folder" },
          { path: "pipe", why: "a FIFO, not a file" },
        ],
      },
    ],
    [
      new NexusError("model.auth", "401", { hint: "Is the key right?" }),
      { kind: "model-failed", code: "model.auth", reason: "401", hint: "Is the key right?" },
    ],
    [
      // The adapter has tried it often enough.
      new NexusError("model.overloaded", "503", later),
      { kind: "model-failed", code: "model.overloaded", reason: "503" },
    ],
    [
      new NexusError("sandbox.setup-failed", "npm ERR!", { hint: "npm ci failed" }),
      { kind: "setup-failed", reason: "npm ci failed", output: "npm ERR!" },
    ],
    [
      new NexusError("sandbox.setup-failed", "npm ERR!"),
      {
        kind: "setup-failed",
        reason: "The dependencies could not be installed.",
        output: "npm ERR!",
      },
    ],
  ])("%s", (error, expected) => {
    const outcome = outcomeOfError(error);

    expect(outcome).toEqual(expected);
    expect(Outcome.safeParse(outcome).success).toBe(true);
  });
});

describe("an error that is none", () => {
  it.each([
    ["an outage", new NexusError("github.unreachable", "gone", later)],
    ["a sandbox that is down", new NexusError("sandbox.unavailable", "gone", later)],
    ["a set-up that may do at the next try", new NexusError("sandbox.setup-failed", "gone", later)],
    ["a lease that was lost", new NexusError("task.lease-lost", "over")],
    ["work that was stopped", new NexusError("aborted", "stopped")],
    ["a bug", new TypeError("x is not a function")],
    ["what is no error", "text"],
    ["nothing", undefined],
  ])("%s", (_name, error) => {
    expect(outcomeOfError(error)).toBeUndefined();
  });
});
