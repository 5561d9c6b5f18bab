import { PassThrough } from "node:stream";
import type Docker from "dockerode";
import { expect, it } from "vitest";
import { exitCodeOf, startExec } from "../../../sandbox/command/exec-calls.ts";

const never = new AbortController().signal;

function refused(statusCode: number): Error {
  return Object.assign(new Error(`(HTTP code ${statusCode})`), { statusCode });
}

interface Answers {
  /** What the engine answers at each call, in order; the last one for all that follow. */
  readonly create?: readonly (Error | "made")[];
  readonly start?: readonly (Error | "started")[];
  readonly inspect?: readonly (Error | { Running: boolean; ExitCode: number | null })[];
  readonly container?: Error | { Running: boolean };
}

/** An engine that answers as it is told, where a real one does so only by chance. */
function engine({ create = ["made"], start = ["started"], inspect = [], container }: Answers) {
  const calls: string[] = [];
  const answers = <T>(what: string, list: readonly (Error | T)[]) => {
    let at = 0;
    return async (): Promise<T> => {
      calls.push(what);
      const answer = list[Math.min(at++, list.length - 1)];
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error("no answer");
      return answer;
    };
  };
  const created = answers("create", create);
  const started = answers("start", start);
  const exec = {
    start: async () => {
      await started();
      return new PassThrough();
    },
    inspect: answers("inspect", inspect),
  };
  const at = {
    exec: async () => {
      await created();
      return exec;
    },
    inspect: async () => {
      calls.push("container");
      if (container instanceof Error) throw container;
      return { State: container ?? { Running: true } };
    },
  };
  // Only what is called here is there.
  return {
    calls,
    container: at as unknown as Docker.Container,
    exec: exec as unknown as Docker.Exec,
  };
}

const start = (at: ReturnType<typeof engine>) =>
  startExec(at.container, { create: { Cmd: ["true"] }, stdin: false, signal: never });

it.each([
  ["forgets a command before it is started", { start: [refused(404), "started"] as const }],
  [
    "refuses a container that has only just started",
    { create: [refused(409), refused(409), "made"] as const },
  ],
  ["refuses to start", { start: [refused(409), "started"] as const }],
])("starts a command although the engine %s", async (_what, answers) => {
  const at = engine(answers);

  await start(at);

  expect(at.calls.at(-1)).toBe("start");
});

it("does not try for ever", async () => {
  const at = engine({ start: [refused(404)] });

  await expect(start(at)).rejects.toMatchObject({ code: "sandbox.unavailable", retryable: true });
  expect(at.calls.filter((call) => call === "start")).toHaveLength(8);
});

it("does not try again what the engine calls an error of its own", async () => {
  const at = engine({ create: [refused(500)] });

  await expect(start(at)).rejects.toMatchObject({ code: "sandbox.unavailable" });
  expect(at.calls).toEqual(["create", "container"]);
});

it.each([
  ["stopped", { Running: false }],
  ["gone", refused(404)],
])("says that the container is %s", async (_what, container) => {
  const at = engine({ create: [refused(409)], container });

  await expect(start(at)).rejects.toMatchObject({ code: "sandbox.killed", retryable: true });
});

it("asks again while the engine says that a command runs whose stream is at its end", async () => {
  const running = { Running: true, ExitCode: null };
  const at = engine({ inspect: [running, running, { Running: false, ExitCode: 7 }] });

  expect(await exitCodeOf(at.container, at.exec, never)).toBe(7);
});

it("does not believe for ever that a command runs in a container that does not", async () => {
  const at = engine({
    inspect: [{ Running: true, ExitCode: null }],
    container: { Running: false },
  });

  await expect(exitCodeOf(at.container, at.exec, never)).rejects.toMatchObject({
    code: "sandbox.killed",
  });
});

it("stops asking when it is told to", async () => {
  const at = engine({ inspect: [{ Running: true, ExitCode: null }] });

  await expect(exitCodeOf(at.container, at.exec, AbortSignal.timeout(20))).rejects.toThrow();
});
