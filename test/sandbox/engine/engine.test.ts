import { describe, expect, it } from "vitest";
import { ask, askToRemove, askUntilGone } from "../../../sandbox/engine/engine.ts";
import { NexusError } from "../../../src/core/errors.ts";

const answered = (statusCode: number) => Object.assign(new Error("no"), { statusCode });

/** A daemon that gives these answers one after the other. */
function daemon(...statuses: readonly number[]) {
  const rest = [...statuses];
  return async () => {
    const status = rest.shift() ?? 204;
    if (status >= 300) throw answered(status);
    return rest.length;
  };
}

describe("a question to the engine", () => {
  it("is answered", async () => {
    expect(await ask("count", daemon())).toBe(0);
  });

  it.each([
    ["a refusal", daemon(500)],
    ["a daemon that is not there", () => Promise.reject(new Error("connect ENOENT"))],
    ["an answer that never comes", () => new Promise<never>(() => undefined)],
  ])("ends typed with %s", async (_name, question) => {
    await expect(ask("count", question, 50)).rejects.toMatchObject({
      code: "sandbox.unavailable",
      retryable: true,
      message: expect.stringContaining("Docker could not count"),
    });
  });

  it("keeps what is understood already", async () => {
    const error = new NexusError("aborted", "stopped");

    await expect(ask("count", () => Promise.reject(error))).rejects.toBe(error);
  });

  it("is told to give up when its time is over", async () => {
    const { promise: told, resolve } = Promise.withResolvers<void>();
    const question = (signal: AbortSignal) => {
      signal.addEventListener("abort", () => resolve());
      return new Promise<never>(() => undefined);
    };

    await expect(ask("count", question, 1)).rejects.toThrow("no answer within 1 ms");
    await told;
  });
});

describe("taking something away", () => {
  it.each([
    ["is done", [204]],
    ["is as good where it is gone", [404]],
    ["is as good where it is being removed", [409]],
  ])("%s", async (_name, statuses) => {
    expect(await askToRemove("remove it", daemon(...statuses))).toBeUndefined();
  });

  it.each([
    ["is done", [204], 0],
    ["waits until others have removed it", [409, 409, 404], 0],
    ["waits until it is no longer in use", [409, 204, 500], 1],
  ])("indeed %s", async (_name, statuses, left) => {
    const question = daemon(...statuses);

    await askUntilGone("remove it", question);

    expect(await question().catch(() => 1)).toBe(left);
  });

  it.each([[403], [500]])("throws what else the daemon says: %i", async (status) => {
    const failure = { code: "sandbox.unavailable" };

    await expect(askToRemove("remove it", daemon(status))).rejects.toMatchObject(failure);
    await expect(askUntilGone("remove it", daemon(status))).rejects.toMatchObject(failure);
  });
});
