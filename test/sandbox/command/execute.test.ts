import { PassThrough } from "node:stream";
import type Docker from "dockerode";
import { expect, it } from "vitest";
import { execute } from "../../../sandbox/command/execute.ts";

const never = new AbortController().signal;

/** An engine whose stream does what a real one does only by chance. */
function engine(stream: PassThrough, { inspect, runs = true }: Fake) {
  const exec = { start: async () => stream, inspect };
  const container = { exec: async () => exec, inspect: async () => ({ State: { Running: runs } }) };
  // Only what is called here is there.
  return container as unknown as Docker.Container;
}

interface Fake {
  readonly inspect: () => Promise<{ Running: boolean; ExitCode: number | null }>;
  readonly runs?: boolean;
}

const running = (container: Docker.Container, timeoutMs = 60_000) =>
  execute(container, {
    argv: ["x"],
    user: "1:1",
    timeoutMs,
    signal: never,
    onPayload: () => undefined,
  });

const ended126 = async () => ({ Running: false, ExitCode: 126 });

it("a stream that breaks off is no ending, whatever the engine says of the exit code", async () => {
  const stream = new PassThrough();
  const result = running(engine(stream, { inspect: ended126 }));

  stream.destroy(new Error("read ECONNRESET"));

  await expect(result).rejects.toMatchObject({ code: "sandbox.unavailable", retryable: true });
});

it("a stream that breaks off with its container says that it was ended", async () => {
  const stream = new PassThrough();
  const result = running(engine(stream, { inspect: ended126, runs: false }));

  stream.destroy();

  await expect(result).rejects.toMatchObject({ code: "sandbox.killed" });
});

it("a stream at its end is asked for its exit code", async () => {
  const stream = new PassThrough();
  const result = running(
    engine(stream, { inspect: async () => ({ Running: false, ExitCode: 7 }) }),
  );

  stream.end();

  expect(await result).toMatchObject({ exitCode: 7, cut: undefined });
});

it("a limit is told also where the engine fails at the last question", async () => {
  const stream = new PassThrough();

  const result = await running(
    engine(stream, { inspect: () => Promise.reject(new Error("no answer")) }),
    50,
  );

  expect(result).toMatchObject({ exitCode: undefined, cut: "timeout" });
});
